import { describe, expect, it } from "vitest";
import { type MeteredTrip, priceOf } from "../../samples/tariff.js";

const trip: MeteredTrip = {
  pickup: new Date("2019-03-13T12:00:00Z"),
  color: "yellow",
  milesAtSpeed: 2,
  slowMinutes: 3,
  betweenJfkAndManhattan: false,
  touchesCoreManhattan: false,
};
const at = (time: string) => new Date(`2019-03-${time}Z`);

describe("the tariff", () => {
  it("is 2.50 and 0.50 for each fifth of a mile or slow minute that begins", () => {
    expect(priceOf(trip).fare).toBe(9);
    expect(priceOf({ ...trip, milesAtSpeed: 2.05 }).fare).toBe(9.5);
    expect(priceOf({ ...trip, milesAtSpeed: 0, slowMinutes: 0 }).fare).toBe(2.5);
  });

  it("is flat between JFK and Manhattan", () => {
    expect(priceOf({ ...trip, betweenJfkAndManhattan: true }).fare).toBe(52);
  });

  it("adds 0.80 of taxes, and the congestion surcharge by colour below 96th Street", () => {
    expect(priceOf(trip).extras).toBeCloseTo(0.8);
    expect(priceOf({ ...trip, touchesCoreManhattan: true }).extras).toBeCloseTo(3.3);
    expect(priceOf({ ...trip, touchesCoreManhattan: true, color: "green" }).extras).toBeCloseTo(3.55);
  });

  it.each([
    ["a weekday at 4 pm", "13T16:00:00", false, 1],
    ["a weekday at 4 pm on the flat fare", "13T16:00:00", true, 4.5],
    ["a Saturday at 4 pm", "16T16:00:00", false, 0],
    ["8 pm", "13T20:00:00", false, 0.5],
    ["5 am", "13T05:59:59", false, 0.5],
    ["6 am", "13T06:00:00", false, 0],
    ["midnight on the flat fare", "13T00:00:00", true, 0],
  ])("adds at %s what is due then", (_when, time, betweenJfkAndManhattan, due) => {
    expect(priceOf({ ...trip, pickup: at(time), betweenJfkAndManhattan }).extras).toBeCloseTo(0.8 + due);
  });
});

import { stringify } from "csv-stringify/sync";
import { type TripColumn, tripColumns } from "../contract/trips.js";
import { type Random, seededRandom } from "./random.js";
import { priceOf } from "./tariff.js";
import { jfkAirport, laGuardiaAirport, type Zone, zones } from "./zones.js";

/** One simulated trip: the cells of its row. */
export type Trip = Readonly<Record<TripColumn, string>>;

/** The simulated month; it begins on a Friday. */
const monthStart = Date.UTC(2019, 2, 1);
const daysInMonth = 31;
const tollOfBridge = 5.76;
/** How many trips begin in each hour of a day, relative to the others. */
const tripsByHour = [28, 20, 15, 10, 8, 8, 18, 32, 42, 44, 44, 46, 48, 48, 50, 48, 44, 50, 62, 64, 58, 54, 50, 42];
/** Below 96th Street, where the congestion surcharge is due. */
const coreManhattanNorth = 2;

/** Simulates taxi trips of one month, priced by the published tariff. Equal seeds give equal trips on every machine. */
export function generateTrips(options: { readonly seed: number; readonly count: number }): Trip[] {
  const random = seededRandom(options.seed);
  return Array.from({ length: options.count }, () => simulate(random));
}

/** The trips as a CSV file with a header line. */
export function tripsAsCsv(trips: readonly Trip[]): string {
  return stringify([...trips], { header: true, columns: [...tripColumns] });
}

function simulate(random: Random): Trip {
  const from = random.pick(zones, (zone) => zone.weight);
  const to = random.pick(zones, (zone) => zone.weight / (1 + 0.35 * milesBetween(from, zone) ** 1.5) + 0.02);
  const pickup = new Date(pickupTime(random));
  const drive = driveOf(random, from, to, pickup);
  const color = isCore(from) || from.name === jfkAirport || random.chance(0.45) ? "yellow" : "green";
  const { fare, extras } = priceOf({
    pickup,
    color,
    milesAtSpeed: drive.miles - drive.crawledMiles,
    slowMinutes: drive.slowMinutes,
    betweenJfkAndManhattan: isFlat(from, to),
    touchesCoreManhattan: isCore(from) || isCore(to),
  });
  const tolls = tollOf(random, from, to);
  const payment = random.chance(0.72) ? "credit card" : "cash";
  const tip = payment === "cash" ? 0 : round((fare + extras + tolls) * Math.max(0, 0.18 + 0.07 * random.normal()), 2);
  const passengers = random.pick([1, 2, 3, 4, 5, 6, 0], (count) => [2, 73, 14, 4, 2, 4, 2][count] ?? 1);
  const trip = {
    pickup: wallTime(pickup),
    dropoff: wallTime(new Date(pickup.getTime() + Math.round(drive.minutes * 60) * 1000)),
    passengers: String(passengers),
    distance: drive.miles.toFixed(2),
    fare: fare.toFixed(1),
    tip: tip.toFixed(2),
    tolls: tolls.toFixed(2),
    total: (fare + extras + tip + tolls).toFixed(2),
    color,
    payment,
    pickup_zone: from.name,
    dropoff_zone: to.name,
    pickup_borough: from.borough,
    dropoff_borough: to.borough,
  };
  return withGaps(random, trip);
}

/** Few records are complete in a taxi's data: the place or the payment is not always known. */
function withGaps(random: Random, trip: Trip): Trip {
  return {
    ...trip,
    ...(random.chance(0.007) && { payment: "" }),
    ...(random.chance(0.005) && { pickup_zone: "", pickup_borough: "" }),
    ...(random.chance(0.008) && { dropoff_zone: "", dropoff_borough: "" }),
  };
}

function pickupTime(random: Random): number {
  const day = Math.floor(random.between(0, daysInMonth));
  const hour = random.pick([...tripsByHour.keys()], (candidate) => tripsByHour[candidate] ?? 0);
  return monthStart + ((day * 24 + hour) * 3600 + Math.floor(random.between(0, 3600))) * 1000;
}

/** A car either rolls or stands: streets roll at 13 to 20 miles an hour and stand at lights, long ways use highways. */
function driveOf(random: Random, from: Zone, to: Zone, pickup: Date) {
  const straight = milesBetween(from, to);
  const miles = Math.max(0.1, from === to ? random.between(0.3, 1.2) : straight * random.between(1.1, 1.55));
  const hour = pickup.getUTCHours();
  const isWeekend = pickup.getUTCDay() % 6 === 0;
  const traffic = hour >= 7 && hour < 20 ? (isWeekend ? 0.8 : 1.2) : 0.45;
  const highwayShare = Math.min(0.85, Math.max(0, (miles - 3) / 12));
  const streetSpeed = Math.max(12.1, 15.5 + 2 * random.normal() - traffic);
  const highwaySpeed = Math.max(25, 40 - 6 * traffic + 5 * random.normal());
  const crawledMiles = miles * Math.max(0, random.between(-0.08, 0.12)) * traffic;
  const fastMiles = miles - crawledMiles;
  const moving = 60 * fastMiles * ((1 - highwayShare) / streetSpeed + highwayShare / highwaySpeed);
  const standing = Math.max(0, 0.3 + traffic * (1 - 0.6 * highwayShare) * miles * (1.9 + 1.4 * random.normal()));
  const slowMinutes = standing + (60 * crawledMiles) / random.between(4, 11);
  return { miles: round(miles, 2), crawledMiles, slowMinutes, minutes: moving + slowMinutes };
}

function tollOf(random: Random, from: Zone, to: Zone): number {
  const crosses = (from.borough === "Manhattan") !== (to.borough === "Manhattan");
  const isAirport = [from, to].some(({ name }) => name === jfkAirport || name === laGuardiaAirport);
  return crosses && random.chance(isAirport ? 0.55 : 0.06) ? tollOfBridge : 0;
}

const isCore = (zone: Zone) => zone.borough === "Manhattan" && zone.north < coreManhattanNorth;

const isFlat = (from: Zone, to: Zone) =>
  (from.name === jfkAirport && to.borough === "Manhattan") || (to.name === jfkAirport && from.borough === "Manhattan");

const milesBetween = (from: Zone, to: Zone) => Math.sqrt((from.east - to.east) ** 2 + (from.north - to.north) ** 2);

const round = (value: number, decimals: number) => Math.round(value * 10 ** decimals) / 10 ** decimals;

const wallTime = (moment: Date) =>
  new Date(Math.round(moment.getTime() / 1000) * 1000).toISOString().slice(0, 19).replace("T", " ");

/** What a trip's price is made of. Times are local wall time, read as if it were UTC. */
export interface MeteredTrip {
  readonly pickup: Date;
  readonly color: "yellow" | "green";
  /** Miles driven faster than 12 miles an hour. */
  readonly milesAtSpeed: number;
  /** Minutes spent standing or driving slower than that. */
  readonly slowMinutes: number;
  readonly betweenJfkAndManhattan: boolean;
  readonly touchesCoreManhattan: boolean;
}

/** US dollars. */
export interface Price {
  /** What the meter shows: the `fare` column. */
  readonly fare: number;
  /** Surcharges and taxes that are added to it. */
  readonly extras: number;
}

const initialCharge = 2.5;
const unitCharge = 0.5;
const milesAUnit = 0.2;
const jfkFlatFare = 52;
const stateTax = 0.5;
const improvementSurcharge = 0.3;
const congestionSurcharge = { yellow: 2.5, green: 2.75 } as const;

/** New York's taxi tariff as published for 2019 (Taxi and Limousine Commission): metered fare, or flat to and from JFK. */
export function priceOf(trip: MeteredTrip): Price {
  // a unit is due when it begins; a hundredth of one is less than the meter can tell
  const units = Math.ceil(trip.milesAtSpeed / milesAUnit + trip.slowMinutes - 0.01);
  const fare = trip.betweenJfkAndManhattan ? jfkFlatFare : initialCharge + units * unitCharge;
  const congestion = trip.touchesCoreManhattan ? congestionSurcharge[trip.color] : 0;
  return { fare, extras: stateTax + improvementSurcharge + surchargeAt(trip) + congestion };
}

/** Weekdays 4 to 8 pm: $1 ($4.50 on the JFK flat fare); 8 pm to 6 am: $0.50 (not on the flat fare). */
function surchargeAt({ pickup, betweenJfkAndManhattan }: MeteredTrip): number {
  const hour = pickup.getUTCHours();
  const weekday = pickup.getUTCDay() >= 1 && pickup.getUTCDay() <= 5;
  if (weekday && hour >= 16 && hour < 20) return betweenJfkAndManhattan ? 4.5 : 1;
  return !betweenJfkAndManhattan && (hour >= 20 || hour < 6) ? 0.5 : 0;
}

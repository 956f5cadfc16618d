/** A taxi zone: its name, borough, and where it lies, in miles east and north of Columbus Circle. */
export interface Zone {
  readonly name: string;
  readonly borough: "Manhattan" | "Queens" | "Brooklyn" | "Bronx" | "Staten Island";
  readonly east: number;
  readonly north: number;
  /** How often trips begin there, relative to the others. */
  readonly weight: number;
}

export const jfkAirport = "JFK Airport";
export const laGuardiaAirport = "LaGuardia Airport";

const zone = (name: string, borough: Zone["borough"], east: number, north: number, weight: number): Zone => ({
  name,
  borough,
  east,
  north,
  weight,
});

/** Places of New York with rough coordinates; their names hold commas, slashes, apostrophes and letters beyond ASCII. */
export const zones: readonly Zone[] = [
  zone("Financial District North", "Manhattan", -1.4, -4.2, 9),
  zone("Battery Park City", "Manhattan", -1.9, -4.1, 8),
  zone("TriBeCa/Civic Center", "Manhattan", -1.4, -3.5, 14),
  zone("Little Italy/NoLiTa", "Manhattan", -0.8, -3.3, 12),
  zone("Lower East Side", "Manhattan", -0.2, -3.4, 15),
  zone("Alphabet City", "Manhattan", 0.2, -2.9, 5),
  zone("East Village", "Manhattan", -0.2, -2.7, 24),
  zone("Greenwich Village North", "Manhattan", -0.8, -2.4, 16),
  zone("West Village", "Manhattan", -1.2, -2.3, 20),
  zone("Meatpacking/West Village West", "Manhattan", -1.4, -2.1, 8),
  zone("Union Sq", "Manhattan", -0.4, -2.2, 24),
  zone("Gramercy", "Manhattan", 0, -2.2, 18),
  zone("Stuy Town, Peter Cooper Village", "Manhattan", 0.3, -2.4, 6),
  zone("Flatiron", "Manhattan", -0.4, -1.8, 16),
  zone("East Chelsea", "Manhattan", -0.9, -1.7, 22),
  zone("West Chelsea/Hudson Yards", "Manhattan", -1.3, -1.4, 10),
  zone("Penn Station/Madison Sq West", "Manhattan", -0.6, -1.3, 28),
  zone("Murray Hill", "Manhattan", 0.2, -1.4, 24),
  zone("Midtown South", "Manhattan", -0.2, -1.3, 20),
  zone("Hell's Kitchen", "Manhattan", -0.6, -0.5, 22),
  zone("Times Sq/Theatre District", "Manhattan", -0.2, -0.7, 28),
  zone("Midtown Center", "Manhattan", 0.2, -0.6, 36),
  zone("UN/Turtle Bay South", "Manhattan", 0.7, -1.1, 13),
  zone("Sutton Place/Turtle Bay North", "Manhattan", 0.9, -0.7, 18),
  zone("Lincoln Square East", "Manhattan", 0, 0.3, 22),
  zone("Upper West Side South", "Manhattan", 0.3, 1.1, 25),
  zone("Upper West Side North", "Manhattan", 0.6, 1.8, 15),
  zone("Lenox Hill West", "Manhattan", 1, 0, 22),
  zone("Upper East Side South", "Manhattan", 0.9, 0.4, 36),
  zone("Upper East Side North", "Manhattan", 1.4, 1, 35),
  zone("Yorkville West", "Manhattan", 1.8, 0.9, 18),
  zone("Saint Nicholas Terrace/City College", "Manhattan", 1.6, 3.5, 3),
  zone("East Harlem South", "Manhattan", 2.1, 2, 10),
  zone("Central Harlem", "Manhattan", 1.7, 2.9, 7),
  zone("Plaza de las Américas", "Manhattan", 2, 5.4, 2),
  zone("El Barrio, Avenida Luis Muñoz Marín", "Manhattan", 2.2, 2.5, 2),
  zone("Governor's Island/Ellis Island/Liberty Island", "Manhattan", -1.9, -5.4, 1),
  zone(laGuardiaAirport, "Queens", 5.6, 0.6, 22),
  zone(jfkAirport, "Queens", 10.4, -8.6, 18),
  zone("Astoria", "Queens", 3, -0.1, 7),
  zone("Long Island City/Hunters Point", "Queens", 1.6, -1.8, 5),
  zone("Sunnyside", "Queens", 3.2, -1.8, 3),
  zone("Elmhurst/Maspeth", "Queens", 5, -2.4, 3),
  zone("Flushing Meadows-Corona Park", "Queens", 7, -1.7, 2),
  zone("Forest Hills", "Queens", 7.2, -3.5, 4),
  zone("Jamaica", "Queens", 9.4, -4.6, 3),
  zone("Saint Michaels Cemetery/Woodside", "Queens", 4, -0.5, 1),
  zone("DUMBO/Vinegar Hill", "Brooklyn", -0.4, -4.5, 4),
  zone("Downtown Brooklyn/MetroTech", "Brooklyn", -0.2, -5.2, 5),
  zone("Williamsburg (North Side)", "Brooklyn", 1.2, -3.6, 7),
  zone("Greenpoint", "Brooklyn", 1.6, -2.7, 4),
  zone("Park Slope", "Brooklyn", 0.2, -6.7, 5),
  zone("Bedford", "Brooklyn", 1.5, -5.6, 3),
  zone("Crown Heights North", "Brooklyn", 1.9, -6.6, 3),
  zone("Bay Ridge", "Brooklyn", -2.2, -9.3, 2),
  zone("Coney Island", "Brooklyn", 0.3, -13.3, 1),
  zone("Mott Haven/Port Morris", "Bronx", 3.3, 2.9, 3),
  zone("East Concourse/Concourse Village", "Bronx", 3.4, 4, 3),
  zone("Spuyten Duyvil/Kingsbridge", "Bronx", 3.8, 7.6, 1),
  zone("Van Nest/Morris Park", "Bronx", 6.1, 5.5, 1),
  zone("Saint George/New Brighton", "Staten Island", -4.2, -8.6, 1),
];

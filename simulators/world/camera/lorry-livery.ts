/** How one lorry looks: drawn from its style seed, so that the same lorry looks the same whenever it comes. */
import { Random } from "../random.ts";

export interface Livery {
    readonly seed: number;
    readonly colour: string;
    readonly isTall: boolean;
    readonly bumper: "painted" | "plastic";
    readonly grille: "slats" | "mesh" | "bars";
    readonly lamps: "slanted" | "square" | "round";
    readonly hasVisor: boolean;
    readonly roofLamps: number;
    /** Text on the panel under the windscreen. */
    readonly badge: string;
    /** Text above the windscreen; empty on some. */
    readonly slogan: string;
    /** Small text beside the grille: model and power, which looks a little like a plate. */
    readonly model: string;
    /** A telephone number on the bumper; empty on most. */
    readonly phone: string;
    /** Small print on the plate's holder; empty on some. */
    readonly dealer: string;
    readonly curtain: string;
    readonly stripe: string;
}

/** Invented words only: no maker's or carrier's real name. */
const BADGES = ["VARGON", "TORVAN", "KESTREM", "NORDAK", "BALTOR", "ZHELMA", "OSKAR", "HELGRA"];
const SLOGANS = [
    "SARYJOL TRANS",
    "KERUEN 24",
    "EAST RUNNER",
    "ALTYN KOSH",
    "STEPPE LINE",
    "DALA CARGO",
    "ROAD 77 TEAM",
];
const DEALERS = ["AVTODALA 555 21 08", "TRUCK CENTRE OSKAR", "VARGON SERVICE", "KERUEN AUTO"];
const CURTAINS = ["#2f5d9b", "#8c2f2b", "#d9d6cd", "#3e6a4a", "#b98a2e", "#565b63", "#dcdfe2"];

export function liveryOf(cab: number, colour: string): Livery {
    const random = new Random(cab, "livery");
    return {
        seed: cab,
        colour,
        isTall: random.chance(0.6),
        bumper: random.chance(0.6) ? "painted" : "plastic",
        grille: random.pick(["slats", "mesh", "bars"]),
        lamps: random.pick(["slanted", "square", "round"]),
        hasVisor: random.chance(0.6),
        roofLamps: random.chance(0.4) ? 4 : 0,
        badge: random.pick(BADGES),
        slogan: random.chance(0.65) ? random.pick(SLOGANS) : "",
        model: `${random.pick(["T", "F", "KX", "H"])}${random.pick([400, 440, 460, 500, 540])}`,
        phone: random.chance(0.35) ? `8 700 555 ${10 + random.int(90)} ${10 + random.int(90)}` : "",
        dealer: random.chance(0.5) ? random.pick(DEALERS) : "",
        curtain: random.pick(CURTAINS),
        stripe: random.pick(["#f2f2f2", "#d9b23a", "#20242b", "#b8322a"]),
    };
}

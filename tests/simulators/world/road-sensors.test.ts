// What loops and photocell report for each kind of lorry at places worked out by hand from its drawing.
import { expect, test } from "vitest";
import type { Lorry } from "../../../simulators/scenarios/lorry.ts";
import { DrivenLorry } from "../../../simulators/world/driven-lorry.ts";
import { LaneGeometry } from "../../../simulators/world/lane-geometry.ts";
import type { LorryShapeName } from "../../../simulators/world/lorry-shape.ts";
import { RoadSensors } from "../../../simulators/world/road-sensors.ts";

const geometry = LaneGeometry.parse({});

function lorry(shape: LorryShapeName, frontAtM: number): DrivenLorry {
    const drawn: Lorry = {
        number: 1,
        lane: 0,
        arrivesAtMs: 0,
        plate: { text: "123AB02", country: "KZ", rows: 1 },
        trailerPlates: [],
        booked: "valid",
        shape,
        driver: "normal",
        patienceMs: 60_000,
        stopErrorM: 0,
        look: { colour: "#ffffff", cab: 1, lateralM: 0, dirt: 0 },
    };
    const driven = new DrivenLorry(drawn, geometry);
    driven.frontAtM = frontAtM;
    return driven;
}

/** Letters of the energised outputs: Approach, Boom, Exit loop occupied, Photocell intact. */
function report(shape: LorryShapeName, frontAtM: number): string {
    const sensors = new RoadSensors(geometry);
    sensors.advance([lorry(shape, frontAtM)]);
    const { approachLoop, boomLoop, exitLoop, photocell } = sensors.outputs;
    return `${approachLoop ? "A" : "-"}${boomLoop ? "B" : "-"}${exitLoop ? "E" : "-"}${photocell ? "P" : "-"}`;
}

test.each<[LorryShapeName, number, string]>([
    ["low-semitrailer", -7, "---P"],
    ["low-semitrailer", -5.8, "---P"], // 0.2 m of metal is too little for the loop
    ["low-semitrailer", -5.7, "A--P"],
    ["low-semitrailer", -3, "A--P"],
    ["low-semitrailer", 0.2, "AB-P"],
    ["low-semitrailer", 0.3, "AB--"],
    ["low-semitrailer", 4.3, "ABE-"],
    ["low-semitrailer", 12, "ABE-"], // tail at -4.5: half a metre of it above the approach loop
    ["low-semitrailer", 12.3, "-BE-"], // 0.2 m
    ["low-semitrailer", 17.8, "--EP"], // tail at 1.3: 0.2 m of loop left
    ["low-semitrailer", 22.5, "---P"],
    // High bed: with the bumper at 8.2 the loop under the boom sees neither tractor (rear at 1.8) nor bogie (front at -2.8).
    ["high-semitrailer", 8.2, "A-EP"],
    ["high-semitrailer", 9, "A-E-"], // the legs (8.5 to 8.8 m) stand in the beam
    ["high-semitrailer", 9.4, "A-EP"],
    ["high-semitrailer", 12.5, "-B--"],
    // Drawbar: front part to 9.3 m, trailer from 10.9 m; between them nothing for loop and beam.
    ["drawbar-trailer", 10, "ABEP"],
    ["drawbar-trailer", 10.9, "ABEP"],
    ["drawbar-trailer", 11.3, "ABE-"],
    // High timber trailer: a moment in which no sensor under or behind the boom sees anything.
    ["high-drawbar-trailer", 15, "---P"],
])("%s with its bumper at %f m gives %s", (shape, frontAtM, expected) => {
    expect(report(shape, frontAtM)).toBe(expected);
});

test("a faulty detector no longer follows the road until it is healed", () => {
    const sensors = new RoadSensors(geometry);
    sensors.fault("photocell", "stuck-off");
    sensors.fault("approachLoop", "stuck-on");
    sensors.advance([]);
    expect(sensors.outputs).toEqual({ approachLoop: true, boomLoop: false, exitLoop: false, photocell: false });
    sensors.fault("boomLoop", "stuck-off");
    sensors.fault("photocell", "none");
    sensors.advance([lorry("low-semitrailer", 5)]);
    expect(sensors.outputs).toEqual({ approachLoop: true, boomLoop: false, exitLoop: true, photocell: false });
});

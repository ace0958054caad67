/** What a lane makes of its contacts, as plain data: a scene answers only what it is asked. */
import type { Scene } from "../../../src/core/lane/perceive.ts";

export function claimsOf(scene: Scene): Scene {
    const { approach, zone, isMetalUnder, exit, isClear, arm } = scene;
    const { isEmergency, isKeyTurned, isArmBroken, scaleEntry, isWhollyOnScale } = scene;
    return {
        ...{ approach, zone, isMetalUnder, exit, isClear, arm },
        ...{ isEmergency, isKeyTurned, isArmBroken, scaleEntry, isWhollyOnScale },
    };
}

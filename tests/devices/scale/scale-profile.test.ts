/** Every profile in the folder is loaded and judged; what is not a profile is refused with the place and the reason. */
import { describe, expect, test } from "vitest";
import { ProfileInvalid } from "../../../devices/device-profile.ts";
import { loadScaleProfile } from "../../../devices/scale/scale-profile.ts";
import { PROFILES, profileJson } from "./scale-bench.ts";

test("all families of the first release are there", () => {
    const families = new Set(PROFILES.map((name) => name.split("/")[0]));
    const wanted = [
        "and",
        "cas",
        "modbus",
        "mt-sics",
        "rinstrum",
        "tenso-643",
        "tenso-m",
        "toledo-continuous",
        "yaohua",
    ];
    expect([...families].sort()).toEqual(wanted);
});

describe.each(PROFILES)("%s", (name) => {
    test("loads, and claims no more than was proved: none was on a bench yet", () => {
        expect(loadScaleProfile(profileJson(name)).maturity).toBe("simulated");
    });

    test("a key that is not known is an error, on every level", () => {
        const json = profileJson(name);
        expect(() => loadScaleProfile({ ...json, stabilty: {} })).toThrow(ProfileInvalid);
        for (const [key, value] of Object.entries(json)) {
            if (typeof value !== "object" || value === null || Array.isArray(value)) continue;
            expect(() => loadScaleProfile({ ...json, [key]: { ...value, typo: 1 } })).toThrow(key);
        }
    });

    test.each(["maker", "model", "protocol", "maturity", "line", "periodMs", "stability", "source"])(
        "%s is needed",
        (key) => {
            const { [key]: _gone, ...rest } = profileJson(name);
            expect(() => loadScaleProfile(rest)).toThrow(key === "protocol" ? "protocol" : key);
        },
    );
});

describe("refused", () => {
    const yaohua = profileJson("yaohua/yaohua-xk3190-continuous-1");
    const toledo = profileJson("toledo-continuous/mettler-toledo-continuous");
    const laumas = profileJson("modbus/laumas-modbus");

    test.each<[string, unknown, string]>([
        ["nothing", undefined, "file"],
        [
            "stability that the protocol never tells, as given",
            { ...yaohua, stability: { kind: "given" } },
            "must be derived",
        ],
        [
            "stability that the protocol tells, derived instead",
            { ...toledo, stability: { kind: "derived", frames: 5, overMs: 1_000 } },
            "use kind given",
        ],
        [
            "registers without a bit for stability, as given",
            { ...laumas, registers: { weight: { address: 7, kind: "int32", wordOrder: "high-first" } } },
            "must be derived",
        ],
        ["an output that is not there", { ...yaohua, format: "continuous-3" }, "format"],
        [
            "one frame that proves stillness",
            { ...yaohua, stability: { kind: "derived", frames: 1, overMs: 1_000 } },
            "frames",
        ],
    ])("%s", (_name, json, place) => {
        expect(() => loadScaleProfile(json)).toThrow(place);
        expect(() => loadScaleProfile(json)).toThrow(expect.objectContaining({ code: "PROFILE_INVALID" }));
    });
});

test("facts from the manuals, as they stand on the wire", () => {
    const tenso = {
        registers: { weight: { address: 0, kind: "float32" } },
        line: { stopBits: 2, parity: "none", dataBits: 8 },
    };
    expect(loadScaleProfile(profileJson("modbus/tenso-m-bus-00"))).toMatchObject(tenso);
    expect(loadScaleProfile(profileJson("modbus/laumas-modbus"))).toMatchObject({
        registers: {
            weight: { address: 40_008 - 40_001 },
            status: { address: 40_007 - 40_001, stableBit: 11, negativeBit: 7, overBits: [2], faultBits: [0, 1] },
        },
    });
    expect(loadScaleProfile(profileJson("modbus/cas-ci-600d-modbus"))).toMatchObject({
        registers: { weight: { address: 40_008 - 40_001 } },
    });
});

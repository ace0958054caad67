/** Frames from the makers' manuals: what each must be taken for, and that it is found wherever a stream is cut. */
import { describe, expect, test } from "vitest";
import { bytesOf, GOLDEN, type GoldenFrame, PROFILES, profile, protocolOf } from "./scale-bench.ts";

const named = GOLDEN.map((golden) => [`${golden.profile}: ${golden.from}`, golden] as const);

function expected({ kg, stable, range }: GoldenFrame): object {
    if (range !== undefined) return { is: "no-weight", range };
    return stable === undefined ? { is: "weight", grossKg: kg } : { is: "weight", grossKg: kg, isStable: stable };
}

test("every family on a line of bytes has golden frames", () => {
    const covered = new Set(GOLDEN.map((golden) => golden.profile));
    const onLines = PROFILES.filter(
        (name) => profile(name).protocol !== "modbus" && name !== "rinstrum/rinstrum-command",
    );
    expect([...covered].sort()).toEqual(onLines);
});

describe.each(named)("%s", (_name, golden) => {
    const protocol = protocolOf(golden);
    const frame = bytesOf(golden.hex);
    const isLine = golden.profile.startsWith("mt-sics");
    const onWire = Buffer.concat([frame, Buffer.from(isLine ? "\r\n" : "")]);

    test("is read as the manual says", () => {
        expect(protocol.read(frame)).toMatchObject(expected(golden));
    });

    // Where silence ends an answer, nothing is looked for in a stream.
    if (protocol.poll?.answerGapMs === undefined)
        test("is found wherever the stream is cut, between frames of its kind", () => {
            const stream = Buffer.concat([onWire.subarray(3), onWire, onWire, onWire]);
            for (let cut = 0; cut <= stream.length; cut++) {
                const cutter = protocol.cutter();
                const frames = [...cutter.push(stream.subarray(0, cut)), ...cutter.push(stream.subarray(cut))];
                const whole = frames.filter((each) => Buffer.compare(each, frame) === 0);
                // Where only the next mark ends a frame, the last one is still awaited.
                expect(whole.length).toBeGreaterThanOrEqual(2);
                const others = frames.filter((each) => Buffer.compare(each, frame) !== 0);
                expect(others.filter((each) => protocol.read(each).is === "weight" && !isLine)).toEqual([]);
            }
        });

    test("with a byte missing is no weight of another size", () => {
        for (let gone = 0; gone < frame.length; gone++) {
            const damaged = Uint8Array.from([...frame.subarray(0, gone), ...frame.subarray(gone + 1)]);
            expect(protocol.read(damaged).is).not.toBe("weight");
        }
    });
});

describe("traps", () => {
    const word = (name: string, text: string): unknown =>
        protocolOf({ profile: name }).read(Uint8Array.from(Buffer.from(text, "latin1")));

    test("outputs 1 and 2 of Yaohua differ for one and the same stream: only the setting tells", () => {
        const stream = "=00012340";
        expect(word("yaohua/yaohua-xk3190-continuous-2", stream)).toMatchObject({ grossKg: 12_340 });
        expect(word("yaohua/yaohua-xk3190-continuous-1", stream)).toMatchObject({ grossKg: 4_321_000 });
    });

    test("a checksum that does not fit, a step that cannot be, a point at the end", () => {
        const toledo = "\x02\x32\x30\x20 12340     0\r";
        expect(word("toledo-continuous/mettler-toledo-continuous", `${toledo}\x06`)).toMatchObject({ is: "garbled" });
        expect(
            word("toledo-continuous/mettler-toledo-continuous-plain", toledo.replace("12340", "12341")),
        ).toMatchObject({
            is: "garbled",
        });
        expect(word("yaohua/yaohua-xk3190-continuous-2", "=0001234.")).toMatchObject({ is: "garbled" });
        expect(word("mt-sics/mettler-toledo-mt-sics", "S S     12340 kg")).toMatchObject({ is: "garbled" });
    });

    test("the mark of Yaohua's outputs 1 and 2 must follow at once: a byte too many is not cut off", () => {
        const cutter = protocolOf({ profile: "yaohua/yaohua-xk3190-continuous-2" }).cutter();
        expect(cutter.push(Buffer.from("=000012340=00012340="))).toEqual([Uint8Array.from(Buffer.from("=00012340"))]);
        expect(cutter.noise).toBe(10);
    });

    test("a lost FF of Тензо-М begins a new frame, and an end runs into a start", () => {
        const good = Buffer.from("ff01c30500009196ffff", "hex");
        const cutter = protocolOf({ profile: "tenso-m/tenso-m" }).cutter();
        const broken = Buffer.concat([good.subarray(0, 6), good, Buffer.from([0xff]), good]);
        expect(cutter.push(broken)).toEqual([Uint8Array.from(good), Uint8Array.from(good)]);
    });

    test("questions are those of the manuals", () => {
        const asks = (name: string, site = {}) =>
            protocolOf({ profile: name, site }).poll?.asks.map((ask) => Buffer.from(ask).toString("latin1"));
        const hex = (text: string) => Buffer.from(text, "hex").toString("latin1");
        expect(asks("tenso-m/tenso-m")).toEqual([hex("ff01c3e3ffff")]);
        expect(asks("yaohua/yaohua-xk3190-command")).toEqual([hex("024142303303")]);
        expect(asks("mt-sics/mettler-toledo-mt-sics")).toEqual(["SI\r\n"]);
        expect(asks("tenso-643/tenso-m-643")).toEqual(["\x10"]);
        const all = ["20110021:\r\n", "20110026:\r\n", "20110021:\r\n"];
        expect(asks("rinstrum/rinstrum-command", { unit: 0 })).toEqual(all);
        expect(protocolOf({ profile: "tenso-643/tenso-m-643" }).poll?.hello?.ask).toEqual(
            Uint8Array.from(Buffer.from("\x010001")),
        );
    });

    test("a Rinstrum asked by command: both states count, and the register must be the one asked for", () => {
        const { poll } = protocolOf({ profile: "rinstrum/rinstrum-command", site: { unit: 0, kgPerCount: 20 } });
        const join = (...lines: readonly string[]) => poll?.join(lines.map((line) => Buffer.from(line)));
        const [clean, moving] = ["81110021:00000400", "81110021:00001400"];
        const weight = "81110026:00000269";
        expect(join(clean, weight, clean)).toEqual({ is: "weight", grossKg: 0x269 * 20, isStable: true });
        expect(join(clean, "81110026:FFFFFFFA", clean)).toMatchObject({ grossKg: -120 });
        for (const states of [
            [clean, moving],
            [moving, clean],
        ] as const)
            expect(join(states[0], weight, states[1])).toMatchObject({ isStable: false });
        expect(join("81110021:00008400", weight, clean)).toMatchObject({ is: "no-weight", range: "fault" }); // R427, page 124
        expect(join("81110021:00020000", weight, clean)).toMatchObject({ range: "over" });
        expect(join("81110021:00010000", weight, clean)).toMatchObject({ range: "under" });
        expect(join(clean, clean, clean)).toMatchObject({ is: "garbled" });
        expect(join(clean, weight)).toMatchObject({ is: "garbled" });
    });
});

/**
 * Bookings in wire form for the list bench, the same in every run and each to be made again from its number: mostly Kazakh
 * plates with neighbours close by, the rest Chinese, Iranian and Mongolian, so that look-ups meet every script.
 */

const LATIN = "ABCDEFGHKLMNOPRSTVXYZ";
const PROVINCES = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼";
const PERSIAN = "بجدزسشصطعفقکلمنوهی";
const MONGOLIAN = "УБДӨҮГЗЛПЦЧШЭЮЯ";
const MISREAD = "0123456789ABCDEKMOPTX";
/** Order numbers are scattered by this so that neighbours in the list are no neighbours in the index. */
const SCATTER = 7_919;

export interface MadeBooking {
    readonly id: string;
    readonly [field: string]: unknown;
}

export class BookingMaker {
    #state = 20_261_122;

    /** 0 <= x < 1. */
    random(): number {
        this.#state = (Math.imul(this.#state, 1_664_525) + 1_013_904_223) >>> 0;
        return this.#state / 2 ** 32;
    }

    /** Members in the order of their names: its JSON text is the canonical one. */
    booking(number: number): MadeBooking {
        const trailers = number % 2 === 0 ? [] : [{ country: "KZ", plate: `${number % 100}TRL${number % 10_000}` }];
        return {
            checkpoint: "nur-zholy",
            id: `B-${String(number).padStart(8, "0")}`,
            late: false,
            priority: "in-turn",
            queueNumber: number + 1,
            slotEnd: "2026-11-22T09:00:00Z",
            slotStart: "2026-11-22T08:00:00Z",
            status: "В очереди",
            tractor: { country: "KZ", plate: this.plateOf(number) },
            trailers,
            version: 1,
        };
    }

    plateOf(number: number): string {
        let rest = number * SCATTER;
        const take = (signs: string): string => {
            const sign = signs.charAt(rest % signs.length);
            rest = Math.floor(rest / signs.length);
            return sign;
        };
        const digits = (count: number): string => Array.from({ length: count }, () => take("0123456789")).join("");
        switch (number % 10) {
            case 0:
            case 1:
                return `${take(PROVINCES)}${take(LATIN)}${digits(5)}`;
            case 2:
                return `${digits(2)}${take(PERSIAN)}${digits(5)}`;
            case 3:
                return `${digits(4)}${take(MONGOLIAN)}${take(MONGOLIAN)}${take(MONGOLIAN)}`;
            default:
                return `${digits(3)}${take(LATIN)}${take(LATIN)}${take(LATIN)}${String((number % 20) + 1).padStart(2, "0")}`;
        }
    }

    /** The plate with one sign exchanged, lost or doubled. */
    misread(plate: string, kind: number): string {
        const at = Math.floor(this.random() * plate.length);
        const wrong = MISREAD.charAt(Math.floor(this.random() * MISREAD.length));
        const inserted = kind % 3 === 0 ? "" : wrong;
        return plate.slice(0, at) + inserted + plate.slice(kind % 3 === 2 ? at : at + 1);
    }
}

/** Bookings in the contract's wire form, all different. */

export interface TestBooking {
    readonly id: string;
    readonly version: number;
    readonly [field: string]: unknown;
}

export function wireBookings(count: number): TestBooking[] {
    return Array.from({ length: count }, (_, i) => ({
        id: `B-${i + 1}`,
        queueNumber: i + 1,
        slotStart: "2026-11-22T08:00:00Z",
        slotEnd: "2026-11-22T09:00:00Z",
        checkpoint: "nur-zholy",
        tractor: { plate: `${String(i % 1000).padStart(3, "0")} ABC 0${(i % 9) + 1}`, country: "KZ" },
        trailers: i % 2 === 0 ? [] : [{ plate: `${10 + (i % 90)} AA 0${(i % 9) + 1}` }],
        status: i % 3 === 0 ? "Вызван на пункт пропуска" : "В очереди",
        late: false,
        priority: "in-turn",
        version: 1,
    }));
}

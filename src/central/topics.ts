/** Topics of one site, as `docs/asyncapi.yaml` lists them. */

export class Topics {
    readonly #root: string;

    /** `site`: lower-case letters, digits and dashes; throws `RangeError` for anything that could reach another site. */
    constructor(site: string) {
        if (!/^[a-z0-9][a-z0-9-]{0,62}$/.test(site))
            throw new RangeError(`site id "${site}" cannot be part of a topic`);
        this.#root = `kordon/v1/${site}/`;
    }

    get events(): string {
        return `${this.#root}events`;
    }

    get live(): string {
        return `${this.#root}live`;
    }

    get status(): string {
        return `${this.#root}status`;
    }

    get requests(): string {
        return `${this.#root}requests`;
    }

    get ack(): string {
        return `${this.#root}ack`;
    }

    get commands(): string {
        return `${this.#root}commands`;
    }

    get snapshot(): string {
        return `${this.#root}bookings/snapshot`;
    }

    get delta(): string {
        return `${this.#root}bookings/delta`;
    }

    get version(): string {
        return `${this.#root}bookings/version`;
    }

    device(id: string): string {
        return `${this.#root}devices/${id}`;
    }

    /** Only topics below `answers/` of this site are answered on, so that no command makes the box publish elsewhere. */
    isAnswerTopic(topic: string): boolean {
        return topic.startsWith(`${this.#root}answers/`) && !/[+#\0]/.test(topic);
    }
}

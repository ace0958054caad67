/** One SNMP agent as drivers see it: objects by their numbers, read and written. */

/** Types that the boards' objects have; `octets` are raw bytes. */
export type SnmpValue =
    | { readonly is: "integer"; readonly value: number }
    | { readonly is: "octets"; readonly value: Uint8Array };

/** Every call rejects with `DeviceFault`: `NO_REPLY`, `BAD_REPLY` for nonsense, `REFUSED` with the agent's own error. */
export interface SnmpAgent {
    /** Values in the order of the object identifiers (dotted numbers). */
    get(oids: readonly string[]): Promise<readonly SnmpValue[]>;
    /** All in one request: the agent takes all or none. */
    set(objects: readonly { readonly oid: string; readonly to: SnmpValue }[]): Promise<void>;
    close(): void;
}

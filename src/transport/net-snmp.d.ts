/** The part of `net-snmp` that `snmp-client.ts` uses; the package brings no types of its own. */
declare module "net-snmp" {
    export interface Varbind {
        readonly oid: string;
        readonly type: number;
        readonly value: unknown;
    }
    export interface Session {
        get(oids: readonly string[], done: (error: Error | null, varbinds?: Varbind[]) => void): void;
        set(varbinds: readonly Varbind[], done: (error: Error | null, varbinds?: Varbind[]) => void): void;
        on(event: "error", hear: (error: Error) => void): void;
        close(): void;
    }
    export function createSession(
        host: string,
        community: string,
        options: { readonly [name: string]: unknown },
    ): Session;
    export function isVarbindError(varbind: Varbind): boolean;
    export function varbindError(varbind: Varbind): string;
    export const Version1: number;
    export const Version2c: number;
    export const ObjectType: { readonly Integer: number; readonly OctetString: number };
    export class RequestTimedOutError extends Error {}
    export class RequestFailedError extends Error {}
}

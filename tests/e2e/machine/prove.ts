/** Runs inside the virtual machine: proves one thing after the other and says on the console how each went. */

export interface Proofs {
    readonly [name: string]: () => Promise<unknown>;
}

/**
 * `before` runs before each; what throws says why it is not proved, and the next one is tried. Ends the process: what a proof
 * left open must not keep the machine running.
 */
export async function prove(proofs: Proofs, before: () => void = () => undefined): Promise<never> {
    for (const [name, work] of Object.entries(proofs)) {
        try {
            before();
            await work();
            console.log(`@@ ${JSON.stringify({ name })}`);
        } catch (error) {
            console.log(`@@ ${JSON.stringify({ name, why: error instanceof Error ? error.message : String(error) })}`);
        }
    }
    process.exit();
}

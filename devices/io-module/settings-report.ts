/** What an inspection of a module's own settings came to. */

/** `dangerous`: must be put right. `unknown`: the module does not show it, e.g. older firmware; look yourself. */
export interface SettingFinding {
    readonly severity: "dangerous" | "unknown";
    /** What is wrong and what to do about it. */
    readonly text: string;
}

export interface SettingsReport {
    /** The relays drop without this program's doing when it dies: set, read back and found right. */
    readonly isWatchdogArmed: boolean;
    readonly findings: readonly SettingFinding[];
}

/** From a profile to the protocol of its family: the one place that knows all families on lines of bytes. */
import { and18 } from "./and/and-18.ts";
import { cas10 } from "./cas/cas-10.ts";
import { cas22 } from "./cas/cas-22.ts";
import { mtSics } from "./mt-sics/mt-sics.ts";
import { rinstrum } from "./rinstrum/rinstrum.ts";
import type { LineScaleProfile } from "./scale-profile.ts";
import type { ScaleProtocol, ScaleSettings } from "./scale-protocol.ts";
import { tenso643 } from "./tenso-643/tenso-643.ts";
import { tensoM } from "./tenso-m/tenso-m.ts";
import { toledoContinuous } from "./toledo-continuous/toledo-continuous.ts";
import { yaohua } from "./yaohua/yaohua.ts";

export function lineProtocol(profile: LineScaleProfile, settings: ScaleSettings): ScaleProtocol {
    switch (profile.protocol) {
        case "mt-sics":
            return mtSics(profile);
        case "toledo-continuous":
            return toledoContinuous(profile);
        case "cas-22":
            return cas22();
        case "cas-10":
            return cas10(settings);
        case "and-18":
            return and18();
        case "yaohua":
            return yaohua(profile, settings);
        case "tenso-m":
            return tensoM(settings);
        case "tenso-643":
            return tenso643(settings);
        case "rinstrum":
            return rinstrum(profile, settings);
    }
}

/** Numbers that an indicator on such a line can have. */
export function unitsOf(profile: LineScaleProfile): { readonly least: number; readonly most: number } {
    switch (profile.protocol) {
        case "yaohua":
            return profile.format === "command" ? { least: 1, most: 26 } : ANY;
        case "tenso-m":
            return { least: 1, most: 0x9f };
        case "tenso-643":
            return { least: 0, most: 9_999 };
        case "rinstrum":
            return { least: 0, most: 31 };
        default:
            return ANY;
    }
}

/** The protocol carries no number. */
const ANY = { least: 0, most: 9_999 };

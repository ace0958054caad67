/** What `kordon check` says of cameras that read plates by themselves: how each is reached, and what its reads may decide. */
import type { Site } from "../config/site-schema.ts";
import { readingCameraProfile } from "./site-reading-cameras.ts";

export interface ReadingCameraReport {
    readonly id: string;
    readonly model: string;
    readonly where: string;
    /** What its reads may decide. */
    readonly trust: string;
    /** What a person should look at. */
    readonly notes: readonly string[];
}

/** Throws `CommandFailure` for a profile that is missing, is none, or does not get what it needs. */
export function checkReadingCameras(site: Site): readonly ReadingCameraReport[] {
    return Object.entries(site.readingCameras).map(([id, camera]) => {
        const profile = readingCameraProfile(id, camera);
        const { confidenceMin, unratedReads, url, address, path, login, topicPrefix } = camera;
        const { cameraListener } = site;
        const where = {
            "http-pull": () => `asked at ${url}`,
            "http-push": () => `pushes from ${address} to ${cameraListener?.host}:${cameraListener?.port}${path}`,
            mqtt: () => `publishes below ${topicPrefix} at ${url}`,
        }[profile.transport]();
        const trust = confidenceMin === undefined ? "decides nothing by itself" : `sure from ${confidenceMin} of 1`;
        return {
            id,
            model: `${profile.maker} ${profile.model}`,
            where,
            trust: unratedReads === "trust" ? `${trust}, unrated reads trusted` : trust,
            notes: [
                ...(confidenceMin === undefined
                    ? ["its reads only go before officers: set confidenceMin once it was measured here"]
                    : []),
                ...(profile.confidence === undefined || profile.confidence.isVerified
                    ? []
                    : ["the scale of its confidence is not verified"]),
                ...(profile.transport === "http-push" && login !== "digest"
                    ? [`login ${login} can be overheard or forged: its network must be its own`]
                    : []),
                ...(profile.heartbeatMs === undefined && camera.silentMsMax === undefined
                    ? ["without silentMsMax nobody notices when it falls silent"]
                    : []),
            ],
        };
    });
}

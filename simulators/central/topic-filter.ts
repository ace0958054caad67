/** MQTT topic filters (MQTT 5.0, 4.7): `+` is one level, `#` the rest; neither matches a first level that begins with `$`. */

export function matchesFilter(filter: string, topic: string): boolean {
    if (topic.startsWith("$") && !filter.startsWith("$")) return false;
    const wanted = filter.split("/");
    const levels = topic.split("/");
    for (const [index, level] of wanted.entries()) {
        if (level === "#") return true;
        if (index >= levels.length || (level !== "+" && level !== levels[index])) return false;
    }
    return wanted.length === levels.length;
}

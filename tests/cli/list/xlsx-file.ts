/** A workbook as Office Open XML asks for it, packed without compression: made by nothing that Kordon reads it with. */
import { crc32 } from "node:zlib";

/** Cells of the one sheet: texts, numbers, or a day as `{day}` counted from 1899-12-30, as Excel stores dates. */
export type Cell = string | number | { readonly day: number };

export function xlsxFile(rows: readonly (readonly Cell[])[]): Buffer {
    const sheet = rows.map((cells, row) => {
        const xml = cells.map((cell, column) => cellXml(cell, `${String.fromCharCode(65 + column)}${row + 1}`));
        return `<row r="${row + 1}">${xml.join("")}</row>`;
    });
    const main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    const office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    const packaged = "http://schemas.openxmlformats.org/package/2006";
    return zip({
        "[Content_Types].xml": `<Types xmlns="${packaged}/content-types"><Default Extension="xml" ContentType="application/xml"/><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/></Types>`,
        "_rels/.rels": `<Relationships xmlns="${packaged}/relationships"><Relationship Id="r1" Type="${office}/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
        "xl/workbook.xml": `<workbook xmlns="${main}" xmlns:r="${office}"><sheets><sheet name="1" sheetId="1" r:id="r1"/></sheets></workbook>`,
        "xl/_rels/workbook.xml.rels": `<Relationships xmlns="${packaged}/relationships"><Relationship Id="r1" Type="${office}/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="r2" Type="${office}/styles" Target="styles.xml"/></Relationships>`,
        "xl/styles.xml": `<styleSheet xmlns="${main}"><cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="14" applyNumberFormat="1"/></cellXfs></styleSheet>`,
        "xl/worksheets/sheet1.xml": `<worksheet xmlns="${main}"><sheetData>${sheet.join("")}</sheetData></worksheet>`,
    });
}

function cellXml(cell: Cell, at: string): string {
    if (typeof cell === "number") return `<c r="${at}"><v>${cell}</v></c>`;
    if (typeof cell === "object") return `<c r="${at}" s="1"><v>${cell.day}</v></c>`;
    return `<c r="${at}" t="inlineStr"><is><t>${cell}</t></is></c>`;
}

/** APPNOTE.TXT 4.3: local headers with their data, the central directory, its end record. */
function zip(files: Readonly<Record<string, string>>): Buffer {
    const parts: Buffer[] = [];
    const directory: Buffer[] = [];
    let offset = 0;
    for (const [name, text] of Object.entries(files)) {
        const data = Buffer.from(text);
        const head = Buffer.alloc(26);
        head.writeUInt16LE(20, 0);
        head.writeUInt32LE(crc32(data), 10);
        head.writeUInt32LE(data.length, 14);
        head.writeUInt32LE(data.length, 18);
        head.writeUInt16LE(Buffer.byteLength(name), 22);
        const local = Buffer.concat([Buffer.from("PK\u0003\u0004"), head, Buffer.from(name), data]);
        const entry = Buffer.alloc(42);
        entry.writeUInt16LE(20, 0);
        head.copy(entry, 2);
        entry.writeUInt32LE(offset, 38);
        directory.push(Buffer.concat([Buffer.from("PK\u0001\u0002"), entry, Buffer.from(name)]));
        parts.push(local);
        offset += local.length;
    }
    const central = Buffer.concat(directory);
    const end = Buffer.alloc(18);
    end.writeUInt16LE(directory.length, 4);
    end.writeUInt16LE(directory.length, 6);
    end.writeUInt32LE(central.length, 8);
    end.writeUInt32LE(offset, 12);
    return Buffer.concat([...parts, central, Buffer.from("PK\u0005\u0006"), end]);
}

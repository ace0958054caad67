/** One case per form: a pattern written from the source independently of the code, plates that have the form and that have not. */

export interface FormatCase {
    readonly id: string;
    readonly pattern: RegExp;
    /** Keys that the form leaves out although the pattern has them. */
    readonly except?: RegExp;
    readonly accept: readonly string[];
    readonly reject: readonly string[];
}

const CN = "[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼]";
const NL = "[BDFGHJKLMNOPRSTVWXYZ]";

export const FORMAT_CASES: readonly FormatCase[] = [
    {
        id: "kz-2012-private",
        pattern: /^\d{3}[A-Z]{3}(0[1-9]|1\d|20)$/u,
        accept: ["123 ABC 02", "654WOZ05", "000QQQ20", "123-авс-13"],
        reject: ["123ABC00", "123ABC21", "12ABC02", "123ABCD02", "123ABC2", "A23ABC02", "123AЖC02"],
    },
    {
        id: "kz-2012-organisation",
        pattern: /^\d{3}[A-Z]{2}(0[1-9]|1\d|20)$/u,
        accept: ["123 AB 02", "987WZ17"],
        reject: ["123AB21", "123AB00", "123A02", "1234AB02", "12AB02", "123AB2"],
    },
    {
        id: "kz-2012-foreign",
        pattern: /^[FH]\d{4}(0[1-9]|1\d|20)$/u,
        accept: ["F 1234 02", "H000119"],
        reject: ["M123405", "F123421", "F12302", "FF123402", "1F23402"],
    },
    {
        id: "kz-2012-foreign-other",
        pattern: /^[A-Z]\d{4}(0[1-9]|1\d|20)$/u,
        except: /^[FH]/u,
        accept: ["M123405", "A123401"],
        reject: ["F123402", "H123402", "M123456", "M12345", "MM12345"],
    },
    {
        id: "kz-2012-short",
        pattern: /^\d{2}[A-Z]{2,3}(0[1-9]|1\d|20)$/u,
        accept: ["12 AA 01", "12ABC02", "99 ZZ 20"],
        reject: ["12A01", "12AA21", "123AA01", "12ABCD01", "1AA01"],
    },
    {
        id: "kz-police",
        pattern: /^KP\d{2,8}$/u,
        accept: ["KP 123", "КР 1234 01"],
        reject: ["KP1", "KQ123", "KP123A", "KP123456789", "KP"],
    },
    {
        id: "kz-special-service",
        pattern: /^[A-Z]{2}\d{3,6}$/u,
        accept: ["AB 1234", "SK12301"],
        reject: ["AB12", "ABC123", "AB1234567", "A12345", "12AB345"],
    },
    {
        id: "kz-1993-private",
        pattern: /^[A-Z]\d{3}[A-Z]{3}$/u,
        accept: ["A 585 CUO", "Z001ABC"],
        reject: ["A585CU", "585CUO", "A5855CUO", "AA585CUO", "A585CUO2"],
    },
    {
        id: "kz-1993-organisation",
        pattern: /^[A-Z]\d{3}[A-Z]{2}$/u,
        accept: ["A 001 AA", "X999ZZ"],
        reject: ["A001A", "A001AAA", "A01AA", "001AA", "A001A1"],
    },
    {
        id: "kz-1993-trailer",
        pattern: /^\d{4}[A-Z]{2}$/u,
        accept: ["1234 AB", "0000ZZ"],
        reject: ["123AB", "12345AB", "1234ABC", "1234A", "AB1234"],
    },
    {
        id: "uz-private",
        pattern: /^\d{2}[A-Z]\d{3}[A-Z]{2}$/u,
        accept: ["01 A 123 BC", "90Z999ZZ"],
        reject: ["01A123B", "01A123BCD", "1A123BC", "01AB123BC", "01A12BC"],
    },
    {
        id: "uz-organisation",
        pattern: /^\d{2}\d{3}[A-Z]{3}$/u,
        accept: ["01 123 ABC", "30999ZZZ"],
        reject: ["01123AB", "0112ABC", "01123ABCD", "01123A1C", "A1123ABC"],
    },
    {
        id: "uz-foreign",
        pattern: /^\d{2}[MH]\d{6}$/u,
        accept: ["01 M 123456", "01Н123456"],
        reject: ["01A123456", "01M12345", "01M1234567", "1M123456", "M01123456"],
    },
    {
        id: "uz-trailer",
        pattern: /^\d{2}\d{4}[A-Z]{2}$/u,
        accept: ["01 1234 AB", "909999ZZ"],
        reject: ["011234A", "01123AB", "011234ABC", "0112345AB", "AB123401"],
    },
    {
        id: "uz-before-2008",
        pattern: /^\d{2}[A-Z]\d{4}$/u,
        accept: ["01 A 1234", "26Z0001"],
        reject: ["01A123", "01A12345", "1A1234", "01AB1234", "A011234"],
    },
    {
        id: "tm-standard",
        pattern: /^[A-Z]{1,2}\d{4}(AG|AH|BN|DZ|LB|MR)$/u,
        accept: ["A 1234 AG", "AB1234AH", "AB 1234 MR", "Z0000LB", "B1234BN", "B1234DZ"],
        reject: ["A1234XX", "ABC1234AG", "1234AG", "A123AG", "A12345AG"],
    },
    {
        id: "tm-foreign",
        pattern: /^\dH\d{5}$/u,
        accept: ["1 H 12345", "9Н00000"],
        reject: ["1A12345", "1H1234", "1H123456", "H112345", "11H12345"],
    },
    {
        id: "kg-2016-private",
        pattern: /^0[1-9](KG)?\d{3}[A-Z]{3}$/u,
        accept: ["01 KG 123 ABC", "01123ABC", "09KG000ZZZ"],
        reject: ["00KG123ABC", "10KG123ABC", "01KZ123ABC", "01KG123AB", "01KG12ABC", "01KG1234ABC"],
    },
    {
        id: "kg-2016-organisation",
        pattern: /^0[1-9](KG)?\d{3}[A-Z]{2}$/u,
        accept: ["08 KG 123 AB", "01123AB"],
        reject: ["00KG123AB", "10123AB", "01KG123A", "01KG123ABC", "01K123AB"],
    },
    {
        id: "kg-foreign",
        pattern: /^\d{2}\d{4}[A-Z]$/u,
        accept: ["01 1234 A", "999999Z"],
        reject: ["01123A", "0112345A", "011234AB", "A011234", "011234"],
    },
    {
        id: "kg-old-letter-first",
        pattern: /^[A-Z]\d{4}[A-Z]{1,2}$/u,
        accept: ["B 1234 A", "B1234AB"],
        reject: ["B1234", "B123AB", "BB1234A", "B1234ABC", "B12345A"],
    },
    {
        id: "kg-old-digits-first",
        pattern: /^\d{3,4}[A-Z]{2,3}$/u,
        accept: ["123 AB", "1234 AB", "123 ABC", "1234ABC"],
        reject: ["12AB", "12345AB", "123A", "1234ABCD", "123AB1"],
    },
    {
        id: "tj-2010",
        pattern: /^\d{4}[A-Z]{2}0[1-9]$/u,
        accept: ["1234 AB 01", "0000ZZ09"],
        reject: ["1234AB00", "1234AB10", "123AB01", "1234A01", "1234ABC01"],
    },
    {
        id: "tj-before-2010",
        pattern: /^[A-Z]{1,2}\d{4}\d{2}$/u,
        accept: ["A 1234 01", "AB123405"],
        reject: ["A12345", "A1234567", "ABC123401", "123401", "1A123401"],
    },
    {
        id: "cn-standard",
        pattern: new RegExp(`^${CN}[A-HJ-NP-Z][A-HJ-NP-Z0-9]{5}$`, "u"),
        accept: ["新A·12345", "京A1B2C3", "粤BZZZZZ"],
        reject: ["A12345", "新A1234", "新A1234O", "新I12345", "龙A12345", "新112345"],
    },
    {
        id: "cn-new-energy",
        pattern: new RegExp(`^${CN}[A-HJ-NP-Z][A-HJ-NP-Z0-9]{6}$`, "u"),
        accept: ["新AD12345", "沪A12345D"],
        reject: ["新A12345", "新A1234567", "AD12345", "新AD1234I", "新O123456"],
    },
    {
        id: "cn-trailer",
        pattern: new RegExp(`^${CN}[A-HJ-NP-Z][A-HJ-NP-Z0-9]{4}挂$`, "u"),
        accept: ["新A1234挂", "新 A·B234 挂"],
        reject: ["新A1234", "新A12345挂", "A1234挂", "新A123挂", "新A1234港"],
    },
    {
        id: "cn-hong-kong-macau",
        pattern: /^粤Z[A-HJ-NP-Z0-9]{4}(港|澳)$/u,
        accept: ["粤Z·1234港", "粤ZAB12澳"],
        reject: ["粤B1234港", "新Z1234港", "粤Z1234挂", "粤Z123港", "粤Z1234"],
    },
    {
        id: "mn-standard",
        pattern: /^\d{4}([А-ЯӨҮ]|[ABEKMHOPCTYX]){3}$/u,
        accept: ["1234 УНА", "1234 УБӨ", "0001СҮЯ", "1234YHA"],
        reject: ["123УНА", "12345УНА", "1234УН", "1234УНАА", "1234DFG", "УНА1234"],
    },
    {
        id: "tr-standard",
        pattern: /^(0[1-9]|[1-7]\d|8[01])([A-PR-VYZ]\d{4,5}|[A-PR-VYZ]{2}\d{3,4}|[A-PR-VYZ]{3}\d{2,3})$/u,
        accept: ["34 A 1234", "34A12345", "06 AB 123", "81AB1234", "01 ABC 12", "34ABC123"],
        reject: ["00A1234", "82A1234", "34Q1234", "34AX123", "34A123", "34ABC1", "34ABC1234", "34ABCD12"],
    },
    {
        id: "ge-standard",
        pattern: /^[A-Z]{2}\d{3}[A-Z]{2}$/u,
        accept: ["AB-123-CD", "ZZ000ZZ"],
        reject: ["AB123C", "A123CD", "AB12CD", "AB1234CD", "ABC123CD"],
    },
    {
        id: "az-standard",
        pattern: /^\d{2}[A-Z]{2}\d{3}$/u,
        accept: ["10-AB-123", "99ZZ999"],
        reject: ["10A123", "10AB12", "10ABC123", "1AB123", "10AB1234"],
    },
    {
        id: "am-two-first",
        pattern: /^\d{2}[A-Z]{2}\d{3}$/u,
        accept: ["12 AB 345"],
        reject: ["123AB45", "12A345", "12AB34", "12ABC345", "AB12345"],
    },
    {
        id: "am-three-first",
        pattern: /^\d{3}[A-Z]{2}\d{2}$/u,
        accept: ["123 AB 45"],
        reject: ["12AB345", "123A45", "123AB4", "123ABC45", "AB12345"],
    },
    {
        id: "ir-truck",
        pattern: /^\d{2}ع\d{3}\d{2}$/u,
        accept: ["12 ع 345 67", "۱۲ع۳۴۵۶۷"],
        reject: ["12ب34567", "12ع3456", "1ع34567", "12A34567", "12عع34567"],
    },
    {
        id: "ir-other",
        pattern: /^\d{2}[ابپتثجدزژسشصطفقکگلمنوهی]\d{3}\d{2}$/u,
        accept: ["12 ب 345 67", "12ی34567"],
        reject: ["12ع34567", "12A34567", "12ب3456", "123ب4567", "12بب4567"],
    },
    {
        id: "ru-standard",
        pattern: /^[ABEKMHOPCTYX]\d{3}[ABEKMHOPCTYX]{2}\d{2,3}$/u,
        except: /^.000/u,
        accept: ["А 123 ВС 77", "A123BC777", "x999xx54"],
        reject: ["A000BC77", "A123BC7", "A123BC7777", "D123BC77", "A123BF77", "A12BC77"],
    },
    {
        id: "ru-public-transport",
        pattern: /^[ABEKMHOPCTYX]{2}\d{3}\d{2,3}$/u,
        accept: ["АВ 123 77", "AB123777"],
        reject: ["AB1237", "A12377", "AD12377", "ABC12377", "AB1237777"],
    },
    {
        id: "ru-trailer",
        pattern: /^[ABEKMHOPCTYX]{2}\d{4}\d{2,3}$/u,
        accept: ["АВ 1234 77", "AB1234777"],
        reject: ["AB12347", "A123477", "AZ123477", "AB12345678", "AB1234C7"],
    },
    {
        id: "by-car",
        pattern: /^\d{4}[A-Z]{2}\d$/u,
        accept: ["1234 AB-7", "0000IX1"],
        reject: ["1234AB", "123AB7", "1234A7", "1234AB77", "1234ABC7"],
    },
    {
        id: "by-truck",
        pattern: /^[A-Z]{2}\d{4}\d$/u,
        accept: ["AB 1234-7", "AI00001"],
        reject: ["AB1234", "A12347", "ABC12347", "AB12345C", "AB123456"],
    },
    {
        id: "by-trailer",
        pattern: /^[A-Z]\d{4}[A-Z]\d$/u,
        accept: ["A 1234 B-7"],
        reject: ["A1234B", "A123B7", "AA1234B7", "A1234BB7", "A1234B77"],
    },
    {
        id: "ua-standard",
        pattern: /^[ABCEHIKMOPTX]{2}\d{4}[ABCEHIKMOPTX]{2}$/u,
        accept: ["АА 1234 ВС", "II0000XX"],
        reject: ["AA123BC", "AA1234B", "AD1234BC", "AA1234BY", "AA12345BC"],
    },
    {
        id: "ua-tractor",
        pattern: /^\d{5}[ABCEHIKMOPTX]{2}$/u,
        accept: ["12345 АВ", "00000XX"],
        reject: ["1234AB", "123456AB", "12345A", "12345AD", "12345ABC"],
    },
    {
        id: "pl-standard",
        pattern: /^[A-Z]{2,3}[A-Z0-9]{4,5}$/u,
        accept: ["WA 12345", "WGM 1234A", "DW1AB23"],
        reject: ["W12345", "WA123", "WGM123456", "1A12345", "WA1234567"],
    },
    {
        id: "lt-standard",
        pattern: /^[A-Z]{3}\d{3}$/u,
        accept: ["ABC 123"],
        reject: ["AB123", "ABC12", "ABC1234", "ABCD123", "123ABC"],
    },
    {
        id: "lt-trailer",
        pattern: /^[A-Z]{2}\d{3}$/u,
        accept: ["AB 123"],
        reject: ["A123", "AB12", "AB1234", "ABC123", "123AB"],
    },
    {
        id: "lv-standard",
        pattern: /^[A-Z]{2}\d{1,4}$/u,
        accept: ["AB-1", "AB-1234"],
        reject: ["AB", "A1234", "AB12345", "ABC123", "12AB"],
    },
    {
        id: "lv-trailer",
        pattern: /^[A-Z]\d{1,5}$/u,
        accept: ["A-1", "A12345"],
        reject: ["A", "AB123", "A123456", "1234A", "A12B"],
    },
    {
        id: "de-standard",
        pattern: /^[A-ZÄÖÜ]{1,3}[A-Z]{1,2}\d{1,4}[EH]?$/u,
        accept: ["M-AB 1234", "MÜ A 1", "BGL-XY 12 E", "HH AB 123H"],
        reject: ["M1234", "ABCDEF12", "M-AB 12345", "M-AB 12X", "1AB12"],
    },
    {
        id: "nl-two-two-two",
        pattern: new RegExp(`^(${NL}{2}\\d\\d${NL}{2}|${NL}{4}\\d\\d|\\d\\d${NL}{4})$`, "u"),
        accept: ["XS-NB-23", "01-XJ-ND", "OJ-12-BX", "JZ 45 KH"],
        reject: ["XA-NB-23", "C1-XJ-ND", "QS-NB-23", "XS-NB-2", "05-GHJ-3"],
    },
    {
        id: "nl-three",
        pattern: new RegExp(
            `^(\\d\\d${NL}{3}\\d|\\d${NL}{3}\\d\\d|${NL}{2}\\d{3}${NL}|${NL}\\d{3}${NL}{2}|${NL}{3}\\d\\d${NL})$`,
            "u",
        ),
        accept: ["05-GHJ-3", "5-GHJ-03", "GH-053-J", "G-053-HJ", "GBB-01-B", "V-123-BX"],
        reject: ["05-GAJ-3", "GH-05-JX", "G-053-HU", "GBB-01-2", "12-BB-345"],
    },
];

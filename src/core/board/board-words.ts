/** The words of the boards in Kazakh, Russian and English: short, since the smallest boards have a line of 16 characters. */
import type { Language } from "../explain/explain.ts";

/** What a lane can say to the driver before its boom. */
export const LANE_WORDS = ["go", "wait", "stop", "weigh", "officer", "refused", "closed", "free", "directed"] as const;

export type LaneWord = (typeof LANE_WORDS)[number];

/** One language's words; `{…}` is filled in. */
export interface BoardWords {
    readonly lane: Readonly<Record<LaneWord, string>>;
    readonly called: string;
    readonly nobodyCalled: string;
    /** No list of bookings has ever come. */
    readonly noList: string;
    readonly askOfficer: string;
    /** Nobody feeds this board any more. */
    readonly lost: string;
    readonly stale: string;
    readonly minutes: string;
    readonly hours: string;
    readonly gatesShut: string;
    readonly kg: string;
}

const KAZAKH: BoardWords = {
    lane: {
        go: "Өтіңіз",
        wait: "Күтіңіз",
        stop: "Тоқтаңыз",
        weigh: "Өлшеу. Қозғалмаңыз",
        officer: "Қызметкерді күтіңіз",
        refused: "Өтуге болмайды",
        closed: "Жолақ жабық",
        free: "Жақындаңыз",
        directed: "Қызметкерге бағыныңыз",
    },
    called: "Шақырылды",
    nobodyCalled: "Шақырылғандар жоқ",
    noList: "Кезек деректері жоқ",
    askOfficer: "Қызметкерге жүгініңіз",
    lost: "Байланыс жоқ",
    stale: "Дерек ескі: {age}",
    minutes: "{count} мин",
    hours: "{count} сағ",
    gatesShut: "Шығу жабық. Күтіңіз",
    kg: "кг",
};

const RUSSIAN: BoardWords = {
    lane: {
        go: "Проезжайте",
        wait: "Ожидайте",
        stop: "Стоп",
        weigh: "Взвешивание. Не двигайтесь",
        officer: "Ожидайте сотрудника",
        refused: "Проезда нет",
        closed: "Полоса закрыта",
        free: "Подъезжайте",
        directed: "Следуйте указаниям",
    },
    called: "Вызваны",
    nobodyCalled: "Вызванных нет",
    noList: "Нет данных очереди",
    askOfficer: "Обратитесь к сотруднику",
    lost: "Нет связи",
    stale: "Данные устарели: {age}",
    minutes: "{count} мин",
    hours: "{count} ч",
    gatesShut: "Выезд закрыт. Ожидайте",
    kg: "кг",
};

const ENGLISH: BoardWords = {
    lane: {
        go: "Drive on",
        wait: "Please wait",
        stop: "Stop",
        weigh: "Weighing. Stand still",
        officer: "Wait for officer",
        refused: "No entry",
        closed: "Lane closed",
        free: "Drive up",
        directed: "Follow directions",
    },
    called: "Called",
    nobodyCalled: "Nobody is called",
    noList: "No queue data",
    askOfficer: "Ask an officer",
    lost: "No connection",
    stale: "Old data: {age}",
    minutes: "{count} min",
    hours: "{count} h",
    gatesShut: "Exit closed. Wait",
    kg: "kg",
};

/** By language. */
export const BOARD_WORDS: Readonly<Record<Language, BoardWords>> = { kk: KAZAKH, ru: RUSSIAN, en: ENGLISH };

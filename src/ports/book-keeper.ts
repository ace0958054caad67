/** Where the site's own book is kept between runs. The journal is the truth: a book that is lost is made from it again. */
import type { BookChange, BookNote } from "../core/queue/book-note.ts";

/** How far in which journal the book has come. */
export interface BookMark {
    /** Empty when there is no book yet. */
    readonly journalId: string;
    /** The last fact taken in. */
    readonly sequence: number;
}

/** Keeps notes; each call is one transaction. Throws `StoreFault`. */
export interface BookKeeper {
    load(): { readonly mark: BookMark; readonly notes: readonly BookNote[] };
    keep(changes: readonly BookChange[], mark: BookMark): void;
    /** Forgets every note: the journal is another one. */
    clear(): void;
}

-- A paper is one JSON document (broadsheet.Record, as an export writes it). The
-- other columns and tables are what questions are asked by; all of them follow
-- from the document and are written in the same transaction.
CREATE TABLE papers (
    n         INTEGER PRIMARY KEY AUTOINCREMENT, -- order of arrival
    id        TEXT NOT NULL UNIQUE,
    title_key INTEGER NOT NULL,                  -- hash of broadsheet.TitleKey
    day       TEXT,                              -- the edition it stands in when nobody submitted it
    published TEXT NOT NULL,
    upvotes   INTEGER NOT NULL,
    doc       TEXT NOT NULL
);
CREATE INDEX papers_title ON papers (title_key);
CREATE INDEX papers_day ON papers (day) WHERE day IS NOT NULL;

-- Other addresses of a paper; they redirect.
CREATE TABLE aliases (
    id    TEXT PRIMARY KEY,
    paper INTEGER NOT NULL REFERENCES papers (n) ON DELETE CASCADE
) WITHOUT ROWID;
CREATE INDEX aliases_paper ON aliases (paper);

-- Which papers were submitted to the edition of which day.
CREATE TABLE entries (
    day   TEXT NOT NULL,
    paper INTEGER NOT NULL REFERENCES papers (n) ON DELETE CASCADE,
    place INTEGER NOT NULL,
    PRIMARY KEY (day, paper)
) WITHOUT ROWID;
CREATE INDEX entries_paper ON entries (paper);

-- The numbered log that everything derived from papers follows.
CREATE TABLE changes (
    seq   INTEGER PRIMARY KEY AUTOINCREMENT,
    paper TEXT NOT NULL,    -- the ID at that time
    kind  TEXT NOT NULL,    -- paper, entry, moved
    at    INTEGER NOT NULL  -- Unix seconds
);

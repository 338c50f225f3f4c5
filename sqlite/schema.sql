CREATE TABLE aliases (
    id    TEXT PRIMARY KEY,
    paper INTEGER NOT NULL REFERENCES papers (n) ON DELETE CASCADE
) WITHOUT ROWID;
CREATE INDEX aliases_paper ON aliases (paper);
CREATE TABLE asked (
    paper  INTEGER NOT NULL REFERENCES papers (n) ON DELETE CASCADE,
    source TEXT NOT NULL,
    answer TEXT NOT NULL,    -- found, unknown, failed, none
    day    TEXT NOT NULL,
    due    TEXT,
    PRIMARY KEY (paper, source)
) WITHOUT ROWID;
CREATE INDEX asked_due ON asked (source, due) WHERE due IS NOT NULL;
CREATE TABLE changes (
    seq   INTEGER PRIMARY KEY AUTOINCREMENT,
    paper TEXT NOT NULL,    -- the ID at that time
    kind  TEXT NOT NULL,    -- paper, entry, moved
    at    INTEGER NOT NULL  -- Unix seconds
);
CREATE TABLE entries (
    day   TEXT NOT NULL,
    paper INTEGER NOT NULL REFERENCES papers (n) ON DELETE CASCADE,
    place INTEGER NOT NULL,
    PRIMARY KEY (day, paper)
) WITHOUT ROWID;
CREATE INDEX entries_paper ON entries (paper);
CREATE TABLE measures (
    paper  INTEGER NOT NULL REFERENCES papers (n) ON DELETE CASCADE,
    kind   TEXT NOT NULL,
    source TEXT NOT NULL,
    day    TEXT NOT NULL,
    seen   TEXT NOT NULL,
    value  INTEGER NOT NULL,
    PRIMARY KEY (paper, kind, source, day)
) WITHOUT ROWID;
CREATE TABLE papers (
    n         INTEGER PRIMARY KEY AUTOINCREMENT, -- order of arrival
    id        TEXT NOT NULL UNIQUE,
    title_key INTEGER NOT NULL,                  -- hash of broadsheet.TitleKey
    day       TEXT,                              -- the edition it stands in when nobody submitted it
    published TEXT NOT NULL,
    upvotes   INTEGER NOT NULL,
    doc       TEXT NOT NULL
);
CREATE INDEX papers_day ON papers (day) WHERE day IS NOT NULL;
CREATE INDEX papers_title ON papers (title_key);
CREATE TABLE services (
    source   TEXT PRIMARY KEY,
    answered INTEGER,    -- Unix seconds
    rest     INTEGER     -- not to be asked before
) WITHOUT ROWID;
CREATE TABLE topic_examples (
    slug  TEXT NOT NULL REFERENCES topics (slug) ON DELETE CASCADE,
    place INTEGER NOT NULL,
    paper TEXT NOT NULL,
    PRIMARY KEY (slug, place)
) WITHOUT ROWID;
CREATE TABLE topics (
    slug TEXT PRIMARY KEY,
    name TEXT NOT NULL
) WITHOUT ROWID;

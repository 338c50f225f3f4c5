CREATE TABLE aliases (
    id    TEXT PRIMARY KEY,
    paper INTEGER NOT NULL REFERENCES papers (n) ON DELETE CASCADE
) WITHOUT ROWID;
CREATE INDEX aliases_paper ON aliases (paper);
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
CREATE TABLE papers (
    n         INTEGER PRIMARY KEY AUTOINCREMENT, -- order of arrival
    id        TEXT NOT NULL UNIQUE,
    title_key INTEGER NOT NULL,                  -- hash of broadsheet.TitleKey
    day       TEXT,                              -- the edition it stands in when nobody submitted it
    published TEXT NOT NULL,
    upvotes   INTEGER NOT NULL,
    doc       TEXT NOT NULL
, doi TEXT);
CREATE INDEX papers_day ON papers (day) WHERE day IS NOT NULL;
CREATE INDEX papers_doi ON papers (doi) WHERE doi IS NOT NULL;
CREATE INDEX papers_title ON papers (title_key);
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

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
CREATE TABLE coverage (
    source TEXT NOT NULL,
    day    TEXT NOT NULL,
    papers INTEGER NOT NULL,   -- that came with it
    at     INTEGER NOT NULL,   -- Unix seconds
    PRIMARY KEY (source, day)
) WITHOUT ROWID;
CREATE TABLE digests (
    id           INTEGER PRIMARY KEY AUTOINCREMENT,
    subscription INTEGER NOT NULL REFERENCES subscriptions (id) ON DELETE CASCADE,
    slot         INTEGER NOT NULL, -- when it was due
    first        TEXT NOT NULL,
    through      TEXT NOT NULL,
    picks        TEXT NOT NULL,    -- JSON
    others       INTEGER NOT NULL,
    UNIQUE (subscription, slot)
);
CREATE TABLE entries (
    day   TEXT NOT NULL,
    paper INTEGER NOT NULL REFERENCES papers (n) ON DELETE CASCADE,
    place INTEGER NOT NULL,
    PRIMARY KEY (day, paper)
) WITHOUT ROWID;
CREATE INDEX entries_paper ON entries (paper);
CREATE TABLE interest (
    paper INTEGER PRIMARY KEY REFERENCES papers (n) ON DELETE CASCADE,
    score REAL NOT NULL
);
CREATE TABLE jobs (
    name     TEXT PRIMARY KEY,
    grp      TEXT NOT NULL,    -- at most one of a group runs at a time
    cursor   TEXT NOT NULL,    -- where it goes on
    next     INTEGER NOT NULL,
    holder   TEXT NOT NULL,
    until    INTEGER NOT NULL, -- end of the holder's lease
    started  INTEGER NOT NULL,
    finished INTEGER NOT NULL,
    done     INTEGER NOT NULL, -- the latest run that ended well
    failures INTEGER NOT NULL, -- in a row
    error    TEXT NOT NULL,
    note     TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE measures (
    paper  INTEGER NOT NULL REFERENCES papers (n) ON DELETE CASCADE,
    kind   TEXT NOT NULL,
    source TEXT NOT NULL,
    day    TEXT NOT NULL,
    seen   TEXT NOT NULL,
    value  INTEGER NOT NULL,
    PRIMARY KEY (paper, kind, source, day)
) WITHOUT ROWID;
CREATE INDEX measures_stars ON measures (day) WHERE kind = 'stars';
CREATE TABLE merged (
    was   INTEGER PRIMARY KEY, -- papers.n, of old
    paper INTEGER NOT NULL     -- papers.n
);
CREATE INDEX merged_paper ON merged (paper);
CREATE TABLE outbox (
    id           INTEGER PRIMARY KEY AUTOINCREMENT,
    kind         TEXT NOT NULL,    -- digest, confirm
    subscription INTEGER NOT NULL REFERENCES subscriptions (id) ON DELETE CASCADE,
    digest       INTEGER REFERENCES digests (id) ON DELETE CASCADE,
    domain       TEXT NOT NULL,
    state        TEXT NOT NULL,    -- waiting, delivered, dead, dropped
    attempts     INTEGER NOT NULL,
    next         INTEGER NOT NULL,
    holder       TEXT NOT NULL,
    until        INTEGER NOT NULL, -- end of the holder's lease
    error        TEXT NOT NULL,
    created      INTEGER NOT NULL,
    done         INTEGER NOT NULL
);
CREATE INDEX outbox_dead ON outbox (done) WHERE state = 'dead';
CREATE INDEX outbox_subscription ON outbox (subscription, kind);
CREATE INDEX outbox_waiting ON outbox (next) WHERE state = 'waiting';
CREATE TABLE papers (
    n         INTEGER PRIMARY KEY AUTOINCREMENT, -- order of arrival
    id        TEXT NOT NULL UNIQUE,
    title_key INTEGER NOT NULL,                  -- hash of broadsheet.TitleKey
    day       TEXT,                              -- the edition it stands in when nobody submitted it
    published TEXT NOT NULL,
    upvotes   INTEGER NOT NULL,
    doc       TEXT NOT NULL
, comments INTEGER NOT NULL DEFAULT 0, category TEXT NOT NULL DEFAULT '', doi TEXT);
CREATE INDEX papers_day ON papers (day, id, published, category, upvotes, comments) WHERE day IS NOT NULL;
CREATE INDEX papers_doi ON papers (doi) WHERE doi IS NOT NULL;
CREATE INDEX papers_title ON papers (title_key);
CREATE TABLE readers (
    id      INTEGER PRIMARY KEY AUTOINCREMENT,
    channel TEXT NOT NULL,
    address TEXT NOT NULL,
    key     TEXT NOT NULL,
    UNIQUE (channel, key)
);
CREATE TABLE seen (
    reader INTEGER NOT NULL REFERENCES readers (id) ON DELETE CASCADE,
    paper  INTEGER NOT NULL, -- papers.n
    PRIMARY KEY (reader, paper)
) WITHOUT ROWID;
CREATE TABLE services (
    source   TEXT PRIMARY KEY,
    answered INTEGER,    -- Unix seconds
    rest     INTEGER     -- not to be asked before
) WITHOUT ROWID;
CREATE TABLE subscriptions (
    id           INTEGER PRIMARY KEY AUTOINCREMENT,
    reader       INTEGER NOT NULL REFERENCES readers (id) ON DELETE CASCADE,
    view         TEXT NOT NULL,
    rhythm       TEXT NOT NULL,
    minute       INTEGER NOT NULL, -- of the local day
    zone         TEXT NOT NULL,
    size         INTEGER NOT NULL,
    lang         TEXT NOT NULL,
    state        TEXT NOT NULL,
    paused_until TEXT NOT NULL,
    created      INTEGER NOT NULL,
    confirmed    INTEGER NOT NULL,
    next         INTEGER NOT NULL,
    through      TEXT NOT NULL,    -- last day of editions that a digest has covered
    UNIQUE (reader, view)
);
CREATE INDEX subscriptions_due ON subscriptions (next) WHERE next > 0 AND (state = 'active' OR state = 'paused');
CREATE TABLE tallies (
    paper    INTEGER NOT NULL REFERENCES papers (n) ON DELETE CASCADE,
    day      TEXT NOT NULL,
    upvotes  INTEGER NOT NULL,
    comments INTEGER NOT NULL,
    PRIMARY KEY (paper, day)
) WITHOUT ROWID;
CREATE INDEX tallies_day ON tallies (day);
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

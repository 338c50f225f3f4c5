-- Whom digests go to. The key is what makes an address this one.
CREATE TABLE readers (
    id      INTEGER PRIMARY KEY AUTOINCREMENT,
    channel TEXT NOT NULL,
    address TEXT NOT NULL,
    key     TEXT NOT NULL,
    UNIQUE (channel, key)
);

-- What readers wish for. Times are Unix milliseconds, 0 for never.
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

-- What was composed: the papers, not the message.
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

-- Which papers a reader was ever sent: the largest table of all, so a bare one. Rows of
-- papers that are gone stay; their numbers are never used again.
CREATE TABLE seen (
    reader INTEGER NOT NULL REFERENCES readers (id) ON DELETE CASCADE,
    paper  INTEGER NOT NULL, -- papers.n
    PRIMARY KEY (reader, paper)
) WITHOUT ROWID;

-- Papers that have become part of others: who was sent the one has seen the other.
CREATE TABLE merged (
    was   INTEGER PRIMARY KEY, -- papers.n, of old
    paper INTEGER NOT NULL     -- papers.n
);
CREATE INDEX merged_paper ON merged (paper);

-- What is to be handed over, and what became of it.
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
CREATE INDEX outbox_waiting ON outbox (next) WHERE state = 'waiting';
CREATE INDEX outbox_subscription ON outbox (subscription, kind);
CREATE INDEX outbox_dead ON outbox (done) WHERE state = 'dead';

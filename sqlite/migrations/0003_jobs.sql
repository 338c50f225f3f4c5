-- What is done again and again, who is at it, and how it went. Times are Unix
-- milliseconds, 0 for never.
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

-- Which days of announcement of which source are here completely.
CREATE TABLE coverage (
    source TEXT NOT NULL,
    day    TEXT NOT NULL,
    papers INTEGER NOT NULL,   -- that came with it
    at     INTEGER NOT NULL,   -- Unix seconds
    PRIMARY KEY (source, day)
) WITHOUT ROWID;

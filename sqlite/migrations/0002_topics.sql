-- A topic is its examples, in the order in which they were given, by the ids that papers
-- had then: aliases are followed by whoever reads them.
CREATE TABLE topics (
    slug TEXT PRIMARY KEY,
    name TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE topic_examples (
    slug  TEXT NOT NULL REFERENCES topics (slug) ON DELETE CASCADE,
    place INTEGER NOT NULL,
    paper TEXT NOT NULL,
    PRIMARY KEY (slug, place)
) WITHOUT ROWID;

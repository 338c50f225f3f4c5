-- By its DOI a paper meets itself from another source.
ALTER TABLE papers ADD COLUMN doi TEXT; -- the first one, in lower case
UPDATE papers SET doi = lower(CASE
    WHEN coalesce(json_extract(doc, '$.doi'), '') <> '' THEN substr(json_extract(doc, '$.doi'), 1, instr(json_extract(doc, '$.doi') || ' ', ' ') - 1)
    WHEN id LIKE 'doi:%' THEN substr(id, 5) END);
CREATE INDEX papers_doi ON papers (doi) WHERE doi IS NOT NULL;

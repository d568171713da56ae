-- A refuted match names its lease by the key in its leaf: kind, key, fence.
CREATE INDEX item_match ON item (substring(leaf FROM 2 FOR 32), fence) WHERE kind = 2;

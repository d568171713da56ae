-- Times in which a provider's machine gets no new work, as the provider's stream tells them.
ALTER TABLE view.provider ADD COLUMN suspensions jsonb NOT NULL DEFAULT '[]';

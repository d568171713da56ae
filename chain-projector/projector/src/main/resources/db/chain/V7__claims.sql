-- Accounts that asked to have their claims sent for them.
CREATE TABLE relayed (
    wallet  text PRIMARY KEY
);

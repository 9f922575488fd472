-- The store's own name; one row, made when it is first asked for.
CREATE TABLE store_identity (
    name VARCHAR(64) NOT NULL
);

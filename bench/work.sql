-- SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
-- The database's work: inserts, an index, joins, aggregates, text search, updates, deletes.
CREATE TABLE item(id INTEGER PRIMARY KEY, name TEXT, kind INTEGER, price REAL);
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 120000)
INSERT INTO item SELECT i, printf('item %d of %d', i * 7919 % 100003, i % 97), i % 97, (i * 31 % 1000) / 7.0 FROM n;
CREATE INDEX by_kind ON item(kind, price);
SELECT kind, count(*), avg(price), max(name) FROM item GROUP BY kind ORDER BY 3 DESC LIMIT 5;
SELECT count(*) FROM item a JOIN item b ON a.kind = b.kind AND a.price = b.price WHERE a.id < 3000;
SELECT count(*) FROM item WHERE name LIKE '%77%of 5%';
UPDATE item SET price = price * 1.1 WHERE kind BETWEEN 10 AND 40;
DELETE FROM item WHERE kind % 5 = 0;
SELECT sum(length(name)), round(sum(price), 3) FROM item;
SELECT count(*) FROM (SELECT DISTINCT substr(name, 1, 8) FROM item);

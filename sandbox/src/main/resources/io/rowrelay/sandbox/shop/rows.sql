-- The rows that the shop begins with.
INSERT INTO shop.customers (email, name, referred_by)
SELECT 'customer' || n || '@example.com', 'Customer ' || n, CASE WHEN n % 3 = 0 THEN n / 3 END
FROM generate_series(1, 60) AS n;

INSERT INTO shop.products (sku, price) SELECT 'SKU-' || n, 1 + n % 50 FROM generate_series(1, 60) AS n;

INSERT INTO shop.accounts (account_id, customer_id, priority, opening, balance)
SELECT n, n, n, 1000, 1000 FROM generate_series(1, 60) AS n;

-- The example: a table of people, captured like any other. For the demo, docker compose and the tests; a database of your own
-- needs none of it.

CREATE TABLE IF NOT EXISTS employees (
    emp_id     serial         PRIMARY KEY,
    first_name varchar(100),
    last_name  varchar(100),
    dob        date,
    city       varchar(100),
    salary     numeric(12, 2)
);

SELECT cdc_capture('employees', 'emp_cdc');

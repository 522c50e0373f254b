-- The table of the shipped stream, captured like any other.

CREATE TABLE IF NOT EXISTS employees (
    emp_id     serial         PRIMARY KEY,
    first_name varchar(100),
    last_name  varchar(100),
    dob        date,
    city       varchar(100),
    salary     numeric(12, 2)
);

SELECT cdc_capture('employees', 'emp_cdc');

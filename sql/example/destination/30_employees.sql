-- The example's destination: the columns of the source, and action_id.

CREATE TABLE IF NOT EXISTS employees (
    emp_id     integer        PRIMARY KEY,
    first_name varchar(100),
    last_name  varchar(100),
    dob        date,
    city       varchar(100),
    salary     numeric(12, 2)
);

SELECT cdc_destination('employees');

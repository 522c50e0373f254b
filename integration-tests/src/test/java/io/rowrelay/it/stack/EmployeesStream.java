package io.rowrelay.it.stack;

import io.rowrelay.stream.CapturedTable;
import io.rowrelay.stream.Stream;
import java.util.List;

/** The stream that ships, by its names in the source. */
public final class EmployeesStream {
    public static final CapturedTable TABLE = new CapturedTable("employees", "emp_cdc", "bf_employee_cdc");
    public static final Stream STREAM = new Stream("employees", List.of(TABLE), "bf_employee_cdc_dlq");

    private EmployeesStream() {}
}

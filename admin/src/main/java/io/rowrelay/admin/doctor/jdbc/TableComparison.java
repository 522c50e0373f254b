package io.rowrelay.admin.doctor.jdbc;

import io.rowrelay.admin.doctor.Check;
import io.rowrelay.admin.doctor.Need;
import io.rowrelay.admin.doctor.Subject;
import java.util.Set;

/** A check that holds the destination's table against that of the source. */
interface TableComparison extends Check {
    @Override
    default Subject subject() {
        return Subject.DESTINATION;
    }

    @Override
    default Set<Need> needs() {
        return Set.of(Need.SOURCE_SCRIPTS, Need.CAPTURE, Need.DESTINATION_TABLE);
    }
}

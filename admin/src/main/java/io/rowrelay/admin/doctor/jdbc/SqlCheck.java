package io.rowrelay.admin.doctor.jdbc;

import io.rowrelay.admin.command.Database;
import io.rowrelay.admin.command.Database.Work;
import io.rowrelay.admin.doctor.Check;
import io.rowrelay.admin.doctor.Finding;
import io.rowrelay.admin.doctor.Need;
import io.rowrelay.admin.doctor.Subject;
import io.rowrelay.common.runtime.OutageException;
import java.util.List;
import java.util.Set;

/**
 * A check that asks one database.
 *
 * @param name what it is called
 * @param subject what it is about
 * @param needs without these it is skipped
 * @param database where to ask
 * @param query what to ask
 */
record SqlCheck(String name, Subject subject, Set<Need> needs, Database database, Work<List<Finding>> query)
        implements Check {
    SqlCheck {
        needs = Set.copyOf(needs);
    }

    @Override
    public List<Finding> look() throws OutageException {
        return database.read("checking " + name, query);
    }
}

package io.rowrelay.it.stack;

/** A role that may write the shipped stream's destination and, as most roles, may not set session_replication_role. */
public final class OrdinaryRole {
    private OrdinaryRole() {}

    /** Creates it for the pipeline; its password is that of all tests. */
    public static String of(Pipeline pipeline) {
        String role = "role_" + pipeline.topic();
        Databases.execute(
                pipeline.destinationUrl(),
                "CREATE ROLE " + role + " LOGIN PASSWORD 'cdc'",
                "SELECT cdc_grant_destination('employees', '" + role + "')",
                "REVOKE SET ON PARAMETER session_replication_role FROM " + role);
        return role;
    }
}

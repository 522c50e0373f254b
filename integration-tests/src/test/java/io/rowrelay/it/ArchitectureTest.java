package io.rowrelay.it;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaConstructorCall;
import com.tngtech.archunit.core.domain.JavaMethodCall;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import io.rowrelay.common.runtime.Surroundings;
import io.rowrelay.common.runtime.Termination;
import io.rowrelay.stream.settings.RowrelayNames;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Driver;
import java.sql.DriverManager;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.junit.jupiter.api.Test;

/** Holds the lines between modules and packages, and docs/design/architecture.md to the code. */
class ArchitectureTest {
    /** Those of the daemons; the sandbox may do more, it runs whole servers. */
    private static final JavaClasses DAEMONS = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages(
                    "io.rowrelay.common",
                    "io.rowrelay.stream",
                    "io.rowrelay.producer",
                    "io.rowrelay.consumer",
                    "io.rowrelay.admin");

    private static final JavaClasses TOOLS = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("io.rowrelay.sandbox", "io.rowrelay.bench");

    private static final JavaClasses EVERYTHING = new ClassFileImporter()
            .withImportOption(location -> !location.contains("/java/"))
            .importPackages("io.rowrelay");

    @Test
    void producer_and_consumer_do_not_know_each_other() {
        noClasses()
                .that()
                .resideInAPackage("io.rowrelay.producer..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.rowrelay.consumer..")
                .check(DAEMONS);
        noClasses()
                .that()
                .resideInAPackage("io.rowrelay.consumer..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.rowrelay.producer..")
                .check(DAEMONS);
    }

    @Test
    void what_a_stream_is_knows_no_daemon_and_common_knows_no_stream() {
        noClasses()
                .that()
                .resideInAnyPackage("io.rowrelay.common..", "io.rowrelay.stream..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.rowrelay.producer..", "io.rowrelay.consumer..", "io.rowrelay.admin..")
                .check(DAEMONS);
        noClasses()
                .that()
                .resideInAPackage("io.rowrelay.common..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.rowrelay.stream..")
                .check(DAEMONS);
    }

    @Test
    void how_settings_are_read_knows_no_setting_of_the_product() throws IOException {
        noClasses()
                .that()
                .resideInAPackage("io.rowrelay.common.settings..")
                .should()
                .dependOnClassesThat(resideInAPackage("io.rowrelay..")
                        .and(not(resideInAnyPackage("io.rowrelay.common.settings..", "io.rowrelay.common.text"))))
                .check(DAEMONS);
        String product = String.join("|", RowrelayNames.ALL.names());

        assertThat(sourcesWith(
                        Pattern.compile("\"(?:" + product + ")\""), "common/src/main/java/io/rowrelay/common/settings"))
                .isEmpty();
    }

    @Test
    void the_commands_and_the_daemons_do_not_know_each_other() {
        noClasses()
                .that()
                .resideInAPackage("io.rowrelay.admin..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.rowrelay.producer..", "io.rowrelay.consumer..")
                .check(DAEMONS);
        noClasses()
                .that()
                .resideInAnyPackage("io.rowrelay.producer..", "io.rowrelay.consumer..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.rowrelay.admin..")
                .check(DAEMONS);
    }

    @Test
    void the_daemons_know_neither_sandbox_nor_bench_nor_tests() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "io.rowrelay.sandbox..",
                        "io.rowrelay.bench..",
                        "io.rowrelay.it..",
                        "org.junit..",
                        "org.assertj..")
                .check(DAEMONS);
    }

    @Test
    void the_sandbox_knows_neither_the_product_nor_the_bench_nor_the_tests() {
        noClasses()
                .that()
                .resideInAPackage("io.rowrelay.sandbox..")
                .should()
                .dependOnClassesThat(
                        resideInAPackage("io.rowrelay..").and(not(resideInAPackage("io.rowrelay.sandbox.."))))
                .check(TOOLS);
    }

    @Test
    void the_bench_knows_the_sandbox_only() {
        noClasses()
                .that()
                .resideInAPackage("io.rowrelay.bench..")
                .should()
                .dependOnClassesThat(resideInAPackage("io.rowrelay..")
                        .and(not(resideInAnyPackage("io.rowrelay.sandbox..", "io.rowrelay.bench.."))))
                .check(TOOLS);
    }

    @Test
    void packages_of_sandbox_and_bench_are_free_of_cycles_at_any_depth() {
        slices().matching("io.rowrelay.(**)").should().beFreeOfCycles().check(TOOLS);
    }

    @Test
    void packages_are_free_of_cycles() {
        slices().matching("io.rowrelay.(**)").should().beFreeOfCycles().check(DAEMONS);
    }

    @Test
    void no_two_classes_share_a_simple_name() {
        Map<String, List<String>> bySimpleName = Stream.concat(DAEMONS.stream(), TOOLS.stream())
                .filter(each -> each.isTopLevelClass() && !each.getSimpleName().equals("package-info"))
                .map(JavaClass::getFullName)
                .distinct()
                .collect(Collectors.groupingBy(name -> name.substring(name.lastIndexOf('.') + 1)));

        assertThat(bySimpleName)
                .allSatisfy((name, classes) -> assertThat(classes).hasSize(1));
    }

    /** A command is one package, so it has its SQL beside its work. */
    @Test
    void sql_stays_in_the_jdbc_packages_and_the_commands() {
        noClasses()
                .that()
                .resideOutsideOfPackages("..jdbc..", "io.rowrelay.admin..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("java.sql..", "javax.sql..", "org.postgresql..")
                .check(DAEMONS);
    }

    /** A session that is opened in another way has the role's own search_path, and calls what others have put there. */
    @Test
    void every_session_has_one_opener_which_pins_its_search_path_and_tables_are_found_in_spite_of_it()
            throws IOException {
        noClasses()
                .that()
                .doNotHaveFullyQualifiedName("io.rowrelay.common.jdbc.OwnSessions")
                .should()
                .callMethod(DriverManager.class, "getConnection", String.class)
                .orShould()
                .callMethod(DriverManager.class, "getConnection", String.class, Properties.class)
                .orShould()
                .callMethod(DriverManager.class, "getConnection", String.class, String.class, String.class)
                .orShould()
                .callMethod(Driver.class, "connect", String.class, Properties.class)
                .check(DAEMONS);
        assertThat(sourcesWith(Pattern.compile(
                        "(?:FROM|JOIN|UPDATE|INTO|TABLE) cdc_(?!check\\(|writer WHERE stream = '[.]{3}')")))
                .as("tables of ours without braces, see RolePath")
                .isEmpty();
    }

    @Test
    void kafka_stays_in_the_kafka_packages_and_the_commands() {
        noClasses()
                .that()
                .resideOutsideOfPackages("..kafka..", "io.rowrelay.admin..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.apache.kafka..")
                .check(DAEMONS);
    }

    @Test
    void the_json_library_stays_in_the_json_packages() {
        noClasses()
                .that()
                .resideOutsideOfPackage("..json..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("tools.jackson..", "com.fasterxml.jackson..", "com.networknt..")
                .check(DAEMONS);
    }

    @Test
    void the_work_itself_knows_no_technology() {
        noClasses()
                .that()
                .resideInAnyPackage(
                        "io.rowrelay.producer.capture..",
                        "io.rowrelay.consumer.apply..",
                        "io.rowrelay.common.runtime..",
                        "io.rowrelay.stream.record..",
                        "io.rowrelay.stream.apply",
                        "io.rowrelay.stream.progress")
                .should()
                .dependOnClassesThat(resideInAPackage("io.rowrelay..")
                        .and(not(resideInAnyPackage(
                                "io.rowrelay.producer.capture..",
                                "io.rowrelay.consumer.apply..",
                                "io.rowrelay.common.runtime..",
                                "io.rowrelay.stream.record..",
                                "io.rowrelay.stream.apply",
                                "io.rowrelay.stream.progress",
                                "io.rowrelay.stream",
                                "io.rowrelay.stream.cut",
                                "io.rowrelay.stream.window",
                                "io.rowrelay.stream.checkpoint"))))
                .check(DAEMONS);
    }

    @Test
    void only_main_ends_the_process_and_reads_the_environment() {
        noClasses()
                .that()
                .haveSimpleNameNotEndingWith("Main")
                .should()
                .callMethod(System.class, "exit", int.class)
                .orShould()
                .callMethod(System.class, "getenv")
                .orShould()
                .callMethod(System.class, "getenv", String.class)
                .check(DAEMONS);
        noClasses()
                .that()
                .doNotBelongToAnyOf(Termination.class)
                .should()
                .callMethod(Runtime.class, "halt", int.class)
                .orShould()
                .callMethod(Runtime.class, "exit", int.class)
                .check(DAEMONS);
    }

    @Test
    void every_program_pins_the_locale_before_anything_else() {
        List<JavaClass> programs = EVERYTHING.stream()
                .filter(each -> each.tryGetMethod("main", String[].class).isPresent())
                .toList();

        assertThat(programs).hasSizeGreaterThanOrEqualTo(5).allSatisfy(program -> {
            JavaMethodCall first = program.getStaticInitializer().orElseThrow().getMethodCallsFromSelf().stream()
                    .min(Comparator.comparingInt(JavaMethodCall::getLineNumber))
                    .orElseThrow();
            assertThat(first.getTarget().getFullName())
                    .matches(".*(Surroundings\\.pin\\(\\)|Locale\\.setDefault\\(java\\.util\\.Locale\\))");
        });
        noClasses()
                .that()
                .doNotBelongToAnyOf(Surroundings.class)
                .should()
                .callMethod(Locale.class, "setDefault", Locale.class)
                .orShould()
                .callMethod(Locale.class, "getDefault")
                .orShould()
                .callMethod(ZoneId.class, "systemDefault")
                .check(DAEMONS);
    }

    @Test
    void the_log_is_the_only_voice_but_for_the_command_line() {
        noClasses()
                .that()
                .resideOutsideOfPackages(
                        "io.rowrelay.common.command..", "io.rowrelay.common.logging..", "io.rowrelay.admin.command..")
                .should()
                .accessField(System.class, "out")
                .orShould()
                .accessField(System.class, "err")
                .orShould()
                .callMethod(Throwable.class, "printStackTrace")
                .check(DAEMONS);
    }

    @Test
    void names_say_what_a_class_is_for() {
        classes()
                .should()
                .haveSimpleNameNotEndingWith("Impl")
                .andShould()
                .haveSimpleNameNotEndingWith("Manager")
                .andShould()
                .haveSimpleNameNotEndingWith("Helper")
                .andShould()
                .haveSimpleNameNotEndingWith("Util")
                .andShould()
                .haveSimpleNameNotEndingWith("Utils")
                .check(EVERYTHING);
    }

    @Test
    void every_class_that_the_architecture_names_exists() throws IOException {
        String text = Files.readString(root().resolve("docs/design/architecture.md"));
        Set<String> known = EVERYTHING.stream().map(JavaClass::getSimpleName).collect(Collectors.toSet());

        List<String> named = Pattern.compile(
                        "`([A-Z][a-z0-9]+(?:[A-Z][a-zA-Z0-9]*)+)(?:\\.[a-z][A-Za-z]*(?:\\(\\))?)?`")
                .matcher(text)
                .results()
                .map(found -> found.group(1))
                .distinct()
                .toList();

        assertThat(named).isNotEmpty();
        assertThat(known).containsAll(named);
    }

    /** A state, or what one of a class begins with; numbers of other kinds begin otherwise. */
    @Test
    void sqlstates_are_known_in_one_place() throws IOException {
        Pattern state = Pattern.compile("\"(?:0[8A]|2[1-358]|3D|4[02]|5[3457]|RR|XX)(?:[0-9A-Z]{3}|P)?\"");

        assertThat(sourcesWith(state)).containsExactly(Path.of("SqlFailures.java"));
    }

    /** A reader that is made in another way ends the process with the first record that does not fit the memory. */
    @Test
    void every_reader_of_a_topic_is_bounded() {
        noClasses()
                .that()
                .doNotHaveFullyQualifiedName("io.rowrelay.common.kafka.BoundedConsumer")
                .should()
                .callConstructorWhere(describe(
                        "a KafkaConsumer is made",
                        (JavaConstructorCall call) -> call.getTargetOwner().isEquivalentTo(KafkaConsumer.class)))
                .check(DAEMONS);
    }

    /** Names and keys of others reach a terminal through Console only, which lets none steer it. */
    @Test
    void the_commands_print_through_one_class() {
        noClasses()
                .that()
                .resideInAPackage("io.rowrelay.admin..")
                .and()
                .doNotHaveFullyQualifiedName("io.rowrelay.admin.command.Console")
                .should()
                .callMethodWhere(describe(
                        "a PrintStream prints",
                        (JavaMethodCall call) -> call.getTargetOwner().isAssignableTo(PrintStream.class)))
                .check(DAEMONS);
    }

    @Test
    void the_window_rule_is_known_in_one_place() throws IOException {
        assertThat(sourcesWith(Pattern.compile("pg_visible_in_snapshot|pg_snapshot_xip|pg_snapshot_xmin")))
                .containsExactly(Path.of("WindowRule.java"));
    }

    /**
     * CatalogQuery reads tables; the next two are parts of it that statements of their own take along. The last three copy whole
     * definitions, of which columns are a part, and CutTables reads those of foreign keys.
     */
    @Test
    void the_catalog_of_columns_is_read_in_one_place() throws IOException {
        assertThat(sourcesWith(Pattern.compile("pg_attribute|information_schema")))
                .containsExactlyInAnyOrder(
                        Path.of("CatalogQuery.java"),
                        Path.of("DefinitionHash.java"),
                        Path.of("FenceOwner.java"),
                        Path.of("CutTables.java"),
                        Path.of("DefinitionStatements.java"),
                        Path.of("DependencyGraph.java"),
                        Path.of("TableColumns.java"));
    }

    private static List<Path> sourcesWith(Pattern text) throws IOException {
        return sourcesWith(
                text,
                "common/src/main/java",
                "stream/src/main/java",
                "producer/src/main/java",
                "consumer/src/main/java",
                "admin/src/main/java");
    }

    private static List<Path> sourcesWith(Pattern text, String... directories) throws IOException {
        List<Path> found = new ArrayList<>();
        for (String directory : directories) {
            try (Stream<Path> sources = Files.walk(root().resolve(directory))) {
                for (Path source : sources.filter(Files::isRegularFile).toList()) {
                    if (text.matcher(Files.readString(source)).find()) {
                        found.add(source.getFileName());
                    }
                }
            }
        }
        return found;
    }

    /** The tests run in their module's directory, or in the project's. */
    private static Path root() {
        Path here = Path.of("").toAbsolutePath();
        return Files.isDirectory(here.resolve("docs")) ? here : here.resolve("..");
    }
}

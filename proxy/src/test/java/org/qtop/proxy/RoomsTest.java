package org.qtop.proxy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.qtop.fixture.impure.Clocks;
import org.qtop.fixture.impure.Console;
import org.qtop.fixture.impure.Files;
import org.qtop.fixture.impure.Foreign;
import org.qtop.fixture.impure.Harmless;
import org.qtop.fixture.impure.OsRandomness;
import org.qtop.fixture.impure.Randomness;
import org.qtop.fixture.impure.Threads;
import org.qtop.fixture.left.Left;
import org.qtop.fixture.right.Right;

/** Holds the code to the table of rooms, and shows that each rule finds a breach. */
class RoomsTest {

    private static final String ENGINE = "org.qtop.engine..";
    private static final String FIXTURE = "org.qtop.fixture.impure..";

    private static JavaClasses code;

    @BeforeAll
    static void importCode() {
        code = new ClassFileImporter().withImportOption(new ImportOption.DoNotIncludeTests())
                .importPackages("org.qtop");
    }

    static Stream<Arguments> rules() {
        return Stream.of(
                Arguments.of("imports", Rooms.imports(Rooms.TABLE)),
                Arguments.of("cycles", Rooms.noCycles()),
                Arguments.of("jtorctl", Rooms.jtorctlInControlOnly()),
                Arguments.of("console", Rooms.consoleInCliOnly()),
                Arguments.of("java.base", Rooms.javaBaseOnly(ENGINE)),
                Arguments.of("clocks", Rooms.noClocks(ENGINE)),
                Arguments.of("threads", Rooms.noThreads(ENGINE)),
                Arguments.of("files", Rooms.noFilesOrSockets(ENGINE)),
                Arguments.of("randomness", Rooms.noRandomness(ENGINE)),
                Arguments.of("SecureRandom", Rooms.secureRandomIn("org.qtop.engine.seed..", ENGINE)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("rules")
    void shouldKeepTheRule(String name, ArchRule rule) {
        rule.check(code);
    }

    /** One breach a nested class, so that no breach hides another. */
    static Stream<Arguments> breaches() {
        return Stream.of(
                breachesOf(Rooms.jtorctlInControlOnly(), Foreign.Jtorctl.class),
                breachesOf(Rooms.consoleInCliOnly(), Console.class.getDeclaredClasses()),
                breachesOf(Rooms.javaBaseOnly(FIXTURE), Foreign.class.getDeclaredClasses()),
                breachesOf(Rooms.noClocks(FIXTURE), Clocks.class.getDeclaredClasses()),
                breachesOf(Rooms.noThreads(FIXTURE), Threads.class.getDeclaredClasses()),
                breachesOf(Rooms.noFilesOrSockets(FIXTURE), Files.class.getDeclaredClasses()),
                breachesOf(Rooms.noRandomness(FIXTURE), Randomness.class.getDeclaredClasses()),
                breachesOf(Rooms.secureRandomIn("org.qtop.engine.seed..", FIXTURE), OsRandomness.class))
                .flatMap(breaches -> breaches);
    }

    private static Stream<Arguments> breachesOf(ArchRule rule, Class<?>... types) {
        return Arrays.stream(types).map(type -> Arguments.of(type, rule));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("breaches")
    void shouldFindTheBreach(Class<?> type, ArchRule rule) {
        assertTrue(breaks(rule, type), () -> type + " passed: " + rule.getDescription());
    }

    @Test
    void shouldLetHarmlessCodePass() {
        Stream.of(Rooms.consoleInCliOnly(), Rooms.javaBaseOnly(FIXTURE), Rooms.noClocks(FIXTURE),
                        Rooms.noThreads(FIXTURE), Rooms.noFilesOrSockets(FIXTURE), Rooms.noRandomness(FIXTURE))
                .forEach(rule -> assertFalse(breaks(rule, Harmless.class), rule.getDescription()));
    }

    @Test
    void shouldFindAnImportThatIsNotListed() {
        List<String> none = List.of();
        ArchRule closed = Rooms.imports(Map.of("fixture.left", none, "fixture.right", none));
        ArchRule open = Rooms.imports(Map.of(
                "fixture.left", List.of("fixture.*"), "fixture.right", List.of("fixture.left")));
        assertTrue(breaks(closed, Left.class));
        assertTrue(breaks(closed, Right.class));
        assertFalse(breaks(open, Left.class, Right.class));
    }

    @Test
    void shouldFindARoomThatIsNotInTheTable() {
        assertTrue(breaks(Rooms.imports(Rooms.TABLE), Left.class));
    }

    @Test
    void shouldFindACycle() {
        assertTrue(breaks(Rooms.noCycles(), Left.class, Right.class));
    }

    @Test
    void shouldSeeBothModules() {
        Set<String> modules = new TreeSet<>();
        code.forEach(type -> modules.add(type.getPackageName().split("\\.")[2]));
        assertTrue(modules.contains("proxy"), () -> "only " + modules);
        boolean engineHasCode = !Sources.packages("engine").isEmpty();
        assertEquals(engineHasCode, modules.contains("engine"), () -> "imported " + modules);
    }

    @Test
    void shouldExplainEveryPackage() {
        assertEquals(Set.of(), Sources.unexplained("engine", "proxy"));
    }

    @Test
    void shouldFindAPackageWithoutExplanation(@TempDir Path folder) throws IOException {
        Path room = java.nio.file.Files.createDirectories(folder.resolve("org/qtop/proxy/mute"));
        java.nio.file.Files.createFile(room.resolve("Mute.java"));
        assertEquals(Set.of("org.qtop.proxy.mute"), Sources.unexplainedIn(folder));
        java.nio.file.Files.createFile(room.resolve("package-info.java"));
        assertEquals(Set.of(), Sources.unexplainedIn(folder));
    }

    private static boolean breaks(ArchRule rule, Class<?>... types) {
        return rule.evaluate(new ClassFileImporter().importClasses(types)).hasViolation();
    }
}

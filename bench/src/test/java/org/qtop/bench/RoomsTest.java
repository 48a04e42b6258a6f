package org.qtop.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Holds the rooms of this module to the rooms that they may import. */
class RoomsTest {

    private static final String BASE = "org.qtop.";

    /** For each room, what rooms it may import: by name, or a module's all. */
    private static final Map<String, List<String>> TABLE = Map.of(
            "bench.trace", List.of(),
            "bench.attack", List.of("bench.trace"),
            "bench.micro", List.of("engine.*", "proxy.*", "bench.load"),
            "bench.load", List.of("engine.*", "proxy.*"),
            "bench.peers", List.of("proxy.*", "bench.load"),
            "bench.lab", List.of("engine.*", "proxy.*", "bench.*"));

    private static JavaClasses code;

    @BeforeAll
    static void importCode() {
        code = new ClassFileImporter().withImportOption(new ImportOption.DoNotIncludeTests())
                .importPackages("org.qtop.bench");
    }

    private static String room(String packageName) {
        String[] parts = packageName.substring(BASE.length()).split("\\.");
        return parts[0] + "." + parts[1];
    }

    private static Set<String> breaches(JavaClass type) {
        Set<String> breaches = new TreeSet<>();
        String from = room(type.getPackageName());
        List<String> listed = TABLE.get(from);
        if (listed == null) {
            return Set.of(from + " is no room of the table");
        }
        for (Dependency dependency : type.getDirectDependenciesFromSelf()) {
            String target = dependency.getTargetClass().getBaseComponentType().getPackageName();
            if (target.startsWith(BASE)) {
                String to = room(target);
                String module = to.substring(0, to.indexOf('.')) + ".*";
                if (!to.equals(from) && !listed.contains(to) && !listed.contains(module)) {
                    breaches.add(type.getName() + " may not import " + to);
                }
            }
        }
        return breaches;
    }

    @Test
    void shouldImportListedRoomsOnly() {
        Set<String> breaches = new TreeSet<>();
        code.forEach(type -> {
            // JMH's generated classes measure the rooms that they are generated for.
            if (!type.getPackageName().endsWith(".jmh_generated")) {
                breaches.addAll(breaches(type));
            }
        });
        assertEquals(Set.of(), breaches);
        assertTrue(code.stream().anyMatch(type -> room(type.getPackageName()).equals("bench.attack")));
    }

    @Test
    void shouldFindAnImportThatIsNotListed() {
        JavaClass stranger = new ClassFileImporter().importClass(org.qtop.bench.trace.Stranger.class);
        assertEquals(Set.of("org.qtop.bench.trace.Stranger may not import bench.attack"), breaches(stranger));
    }

    /** Lower packages of a room go one way: attacks know what learns and what judges, and never the other way. */
    @Test
    void shouldKeepLearningAndJudgingApart() {
        for (String low : List.of("learn", "statistics")) {
            String room = "org.qtop.bench.attack";
            code.stream().filter(type -> type.getPackageName().equals(room + "." + low)).forEach(type ->
                    type.getDirectDependenciesFromSelf().forEach(dependency -> {
                        String target = dependency.getTargetClass().getBaseComponentType().getPackageName();
                        assertTrue(!target.startsWith(BASE) || target.equals(room + "." + low),
                                dependency::getDescription);
                    }));
        }
    }
}

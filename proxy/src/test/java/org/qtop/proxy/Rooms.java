package org.qtop.proxy;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.lang.conditions.ArchPredicates.are;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.AccessTarget;
import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.security.SecureRandom;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.function.Predicate;

/** Who may import whom, and what the engine must do without: the table of rooms and the rules drawn from it. */
final class Rooms {

    /** Stands for every room, or, behind a module's name, for every room of that module. */
    private static final String ALL = "*";

    /** What every room of the proxy may import besides its own list. */
    private static final List<String> EVERYWHERE_IN_PROXY = List.of("proxy.config", "proxy.metrics");

    /** For each room, the rooms that it may import. A room that is not listed here may not exist. */
    static final Map<String, List<String>> TABLE = Map.ofEntries(
            Map.entry("engine.seed", List.of()),
            Map.entry("engine.phase", List.of()),
            Map.entry("engine.winding", List.of("engine.phase")),
            Map.entry("engine.timing", List.of("engine.seed", "engine.phase", "engine.winding")),
            Map.entry("engine.guarantee", List.of()),
            Map.entry("engine.verify", List.of("engine.phase", "engine.winding")),
            Map.entry("proxy.config", List.of()),
            Map.entry("proxy.metrics", List.of()),
            Map.entry("proxy.stream", List.of()),
            Map.entry("proxy.control", List.of("proxy.stream")),
            Map.entry("proxy.connector", List.of("proxy.stream")),
            Map.entry("proxy.audit", List.of("proxy.stream", "engine.*")),
            Map.entry("proxy.relay", List.of("proxy.stream", "proxy.audit", "engine.*")),
            Map.entry("proxy.socks", List.of("proxy.stream", "proxy.connector", "proxy.relay")),
            Map.entry("proxy.intercept", List.of("proxy.control", "proxy.stream", "proxy.audit", "engine.*")),
            Map.entry("proxy.seedsource", List.of("engine.seed")),
            Map.entry("proxy.plot", List.of()),
            Map.entry("proxy.privatenet", List.of()),
            Map.entry("proxy.status", List.of("proxy.stream", "proxy.audit", "engine.*")),
            Map.entry("proxy.doctor", List.of("proxy.control", "proxy.connector", "proxy.intercept",
                    "proxy.privatenet", "proxy.relay", "proxy.status", "proxy.seedsource", "engine.*")),
            Map.entry("proxy.cli", List.of(ALL)));

    private static final String BASE = "org.qtop.";

    private static final Set<String> JAVA_BASE = Object.class.getModule().getPackages();

    private static final Set<String> WAITS = Set.of("sleep", "await", "join", "acquire", "park", "parkNanos",
            "parkUntil", "orTimeout", "completeOnTimeout", "delayedExecutor");

    private Rooms() {
    }

    /** Each room imports only the rooms that the table lists for it. */
    static ArchRule imports(Map<String, List<String>> table) {
        return classes().that().resideInAPackage(BASE + "*..").should(new ArchCondition<>("import listed rooms only") {
            @Override
            public void check(JavaClass type, ConditionEvents events) {
                checkImports(type, table, events);
            }
        }).allowEmptyShould(true);
    }

    private static void checkImports(JavaClass type, Map<String, List<String>> table, ConditionEvents events) {
        String from = room(type);
        if (!table.containsKey(from)) {
            events.add(SimpleConditionEvent.violated(type, type.getName() + " is in no room of the table"));
            return;
        }
        for (Dependency dependency : type.getDirectDependenciesFromSelf()) {
            JavaClass target = dependency.getTargetClass().getBaseComponentType();
            if (target.getPackageName().startsWith(BASE) && !mayImport(from, room(target), table)) {
                events.add(SimpleConditionEvent.violated(type,
                        from + " may not import " + room(target) + ": " + dependency.getDescription()));
            }
        }
    }

    /** Tells the room of a class: the two names behind {@code org.qtop}, or what there is of them. */
    private static String room(JavaClass type) {
        String name = type.getPackageName();
        String[] parts = (name.startsWith(BASE) ? name.substring(BASE.length()) : name).split("\\.");
        return parts.length < 2 ? parts[0] : parts[0] + "." + parts[1];
    }

    private static boolean mayImport(String from, String to, Map<String, List<String>> table) {
        List<String> listed = table.get(from);
        String module = to.substring(0, Math.max(0, to.indexOf('.')));
        return from.equals(to)
                || listed.contains(to)
                || listed.contains(module + "." + ALL)
                || listed.contains(ALL)
                || from.startsWith("proxy.") && EVERYWHERE_IN_PROXY.contains(to);
    }

    /** No room leads back to itself. */
    static ArchRule noCycles() {
        return slices().matching(BASE + "(*).(*)..").should().beFreeOfCycles().allowEmptyShould(true);
    }

    /** The control port's library is known in one room. */
    static ArchRule jtorctlInControlOnly() {
        return noClasses().that().resideOutsideOfPackage(BASE + "proxy.control..")
                .should().dependOnClassesThat().resideInAPackage("net.freehaven.tor.control..")
                .allowEmptyShould(true);
    }

    /** One room reads the command line, prints and exits. */
    static ArchRule consoleInCliOnly() {
        return noClasses().that().resideOutsideOfPackage(BASE + "proxy.cli..")
                .should().dependOnClassesThat().resideInAPackage("picocli..")
                .orShould().accessTargetWhere(member(System.class, "out", "err", "console", "exit"))
                .orShould().accessTargetWhere(member(Runtime.class, "exit", "halt"))
                .orShould().accessTargetWhere(target("printStackTrace()", target ->
                        target.getOwner().isAssignableTo(Throwable.class)
                                && target.getName().equals("printStackTrace") && parameters(target).isEmpty()))
                .allowEmptyShould(true);
    }

    /** The engine needs the JDK's base module alone. */
    static ArchRule javaBaseOnly(String packages) {
        return classes().that().resideInAPackage(packages)
                .should().onlyDependOnClassesThat(are(describe("of " + packages + " or java.base", type -> {
                    String name = type.getBaseComponentType().getPackageName();
                    return name.isEmpty() || JAVA_BASE.contains(name)
                            || resideInAPackage(packages).test(type.getBaseComponentType());
                })))
                .allowEmptyShould(true);
    }

    /** The engine reads no clock: now is an argument. */
    static ArchRule noClocks(String packages) {
        return noClasses().that().resideInAPackage(packages)
                .should().accessTargetWhere(member(System.class, "nanoTime", "currentTimeMillis"))
                .orShould().accessTargetWhere(target("now() of java.time", target ->
                        target.getOwner().getPackageName().startsWith("java.time") && target.getName().equals("now")))
                .orShould().dependOnClassesThat(named("java.time.Clock", "java.time.InstantSource", "java.util.Date",
                        "java.util.Calendar"))
                .allowEmptyShould(true);
    }

    /** The engine makes no thread, starts no timer and never waits: an executor is an argument. */
    static ArchRule noThreads(String packages) {
        return noClasses().that().resideInAPackage(packages)
                .should().beAssignableTo(Thread.class)
                .orShould().accessTargetWhere(member(Thread.class, "<init>", "sleep", "join", "startVirtualThread",
                        "ofVirtual", "ofPlatform"))
                .orShould().accessTargetWhere(member(Object.class, "wait"))
                .orShould().accessTargetWhere(target("a wait or a deadline of java.util.concurrent", target ->
                        target.getOwner().getPackageName().startsWith("java.util.concurrent")
                                && WAITS.contains(target.getName())))
                .orShould().accessTargetWhere(target("Future.get", target ->
                        target.getOwner().isAssignableTo(Future.class) && target.getName().equals("get")))
                .orShould().accessTargetWhere(target("an asynchronous step without an executor", target ->
                        target.getOwner().isAssignableTo(CompletionStage.class) && target.getName().endsWith("Async")
                                && parameters(target).stream().noneMatch(type -> type.isAssignableTo(Executor.class))))
                .orShould().dependOnClassesThat(named("java.util.Timer", "java.util.TimerTask",
                        "java.util.concurrent.Executors", "java.util.concurrent.ThreadPoolExecutor",
                        "java.util.concurrent.ForkJoinPool", "java.util.concurrent.ScheduledExecutorService",
                        "java.util.concurrent.ScheduledThreadPoolExecutor"))
                .allowEmptyShould(true);
    }

    /** The engine touches neither files nor sockets nor processes. */
    static ArchRule noFilesOrSockets(String packages) {
        return noClasses().that().resideInAPackage(packages)
                .should().dependOnClassesThat()
                .resideInAnyPackage("java.nio.file..", "java.nio.channels..", "java.net..")
                .orShould().dependOnClassesThat().haveNameMatching("java\\.io\\.(File|RandomAccessFile).*")
                .orShould().dependOnClassesThat(named("java.lang.ProcessBuilder", "java.lang.Process"))
                .allowEmptyShould(true);
    }

    /** Nothing in the engine is random but its seeds. */
    static ArchRule noRandomness(String packages) {
        return noClasses().that().resideInAPackage(packages)
                .should().dependOnClassesThat(named("java.util.Random", "java.util.SplittableRandom",
                        "java.util.concurrent.ThreadLocalRandom"))
                .orShould().dependOnClassesThat().resideInAPackage("java.util.random..")
                .orShould().accessTargetWhere(member(Math.class, "random"))
                .orShould().accessTargetWhere(member(StrictMath.class, "random"))
                .orShould().accessTargetWhere(member(UUID.class, "randomUUID"))
                .orShould().accessTargetWhere(member(Collections.class, "shuffle"))
                .allowEmptyShould(true);
    }

    /** The operating system's generator is asked in one room. */
    static ArchRule secureRandomIn(String room, String packages) {
        return noClasses().that().resideInAPackage(packages).and().resideOutsideOfPackage(room)
                .should().dependOnClassesThat().areAssignableTo(SecureRandom.class)
                .allowEmptyShould(true);
    }

    private static DescribedPredicate<JavaClass> named(String... names) {
        return describe("are one of " + List.of(names), type -> List.of(names).contains(type.getName()));
    }

    /** Matches calls, references ({@code System::nanoTime}; ArchUnit's callMethod overlooks them) and fields. */
    private static DescribedPredicate<JavaAccess<?>> member(Class<?> owner, String... names) {
        return target(owner.getSimpleName() + "." + List.of(names), target ->
                List.of(names).contains(target.getName()) && target.getOwner().isEquivalentTo(owner));
    }

    private static DescribedPredicate<JavaAccess<?>> target(String what, Predicate<AccessTarget> matches) {
        return describe("the target is " + what, access -> matches.test(access.getTarget()));
    }

    private static List<JavaClass> parameters(AccessTarget target) {
        return target instanceof AccessTarget.CodeUnitAccessTarget code ? code.getRawParameterTypes() : List.of();
    }
}

package org.qtop.proxy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The project's main sources, for tests that judge them as text. */
public final class Sources {

    private Sources() {
    }

    /** Tells the folder of the whole project: Maven runs the tests in their module's folder. */
    public static Path project() {
        for (Path folder = Path.of("").toAbsolutePath(); folder != null; folder = folder.getParent()) {
            if (Files.isDirectory(folder.resolve("engine")) && Files.isDirectory(folder.resolve("proxy"))) {
                return folder;
            }
        }
        throw new IllegalStateException("not inside the project: " + Path.of("").toAbsolutePath());
    }

    /** Tells the packages of a module that hold a class. */
    static Set<String> packages(String module) {
        return packagesIn(main(module), "[^.-]+\\.java");
    }

    /** Tells the packages of these modules that lack a package-info. */
    static Set<String> unexplained(String... modules) {
        return Stream.of(modules).flatMap(module -> unexplainedIn(main(module)).stream())
                .collect(Collectors.toCollection(TreeSet::new));
    }

    static Set<String> unexplainedIn(Path sources) {
        Set<String> packages = packagesIn(sources, "[^.-]+\\.java");
        packages.removeAll(packagesIn(sources, "package-info\\.java"));
        return packages;
    }

    private static Path main(String module) {
        return project().resolve(module).resolve("src/main/java");
    }

    private static Set<String> packagesIn(Path sources, String fileName) {
        if (!Files.isDirectory(sources)) {
            return new TreeSet<>();
        }
        try (Stream<Path> files = Files.walk(sources)) {
            return files.filter(file -> file.getFileName().toString().matches(fileName))
                    .map(file -> sources.relativize(file.getParent()).toString().replace('/', '.'))
                    .collect(Collectors.toCollection(TreeSet::new));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

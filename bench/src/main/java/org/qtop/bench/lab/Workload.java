package org.qtop.bench.lab;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * The kinds of traffic, each drawn from the run's seed and a flow's number alone. Immutable, thread-safe.
 *
 * <p>A site is drawn once: its sub-resources, what asks for what, sizes, hosts and think times. A visit differs from it
 * as visits do: a resource in twenty is missing, sizes vary by 3 %, and all waits are drawn anew. Median sizes and
 * counts are far below those of today's web (HTTP Archive: some 70 requests and 2 MB), so that many visits fit.
 */
final class Workload {

    /** Labels below this are sites. */
    static final int SITES = 60;
    /** What follows the sites' labels. */
    static final List<String> OTHERS = List.of("typing", "chat", "polling", "bulk");
    /** One flow in so many is none of a site. */
    private static final int OTHER_EVERY = 8;

    private static final double MILLI = 1e6;
    private static final int MOST_PAGE = 500_000;

    /** A resource of a site. */
    private record Resource(int host, int parent, int up, int down, double thinkNanos) {
    }

    private final long seed;
    private final int visited;
    private final List<List<Resource>> sites = new ArrayList<>();

    /**
     * Draws the sites.
     *
     * @param seed the run's
     * @param visited how many of them are visited, 1 to {@link #SITES}: a run of few flows cannot learn them all
     */
    Workload(long seed, int visited) {
        this.seed = seed;
        this.visited = visited;
        for (int site = 0; site < SITES; site++) {
            sites.add(site(Draws.of(seed, "site", site)));
        }
    }

    private static List<Resource> site(SplittableRandom random) {
        int hosts = 1 + random.nextInt(Plan.HOSTS);
        int count = Draws.lognormal(random, 10, 0.7, 3, 40);
        List<Resource> all = new ArrayList<>();
        all.add(new Resource(0, -1, 300 + random.nextInt(200), Draws.lognormal(random, 20_000, 0.6, 2_000, 80_000),
                thinking(random, 40)));
        int total = all.get(0).down();
        for (int i = 1; i <= count && total < MOST_PAGE; i++) {
            int parent = random.nextInt(10) < 7 ? 0 : random.nextInt(all.size());
            int host = random.nextInt(10) < 6 ? 0 : random.nextInt(hosts);
            int down = Draws.lognormal(random, 6_000, 1.2, 300, 150_000);
            all.add(new Resource(host, parent, 250 + random.nextInt(350), down, thinking(random, 15)));
            total += down;
        }
        return all;
    }

    private static double thinking(SplittableRandom random, double meanMillis) {
        return (1 + Math.min(150, Draws.exponential(random, meanMillis))) * MILLI;
    }

    /** A visit to a site, or one in {@link #OTHER_EVERY} times something else. */
    Plan traffic(int flow) {
        SplittableRandom random = Draws.of(seed, "traffic", flow);
        if (random.nextInt(OTHER_EVERY) == 0) {
            return other(random, random.nextInt(OTHERS.size()));
        }
        return visit(random, random.nextInt(visited));
    }

    /** A visit, whichever the site. */
    Plan anyVisit(String purpose, long number) {
        SplittableRandom random = Draws.of(seed, purpose, number);
        return visit(random, random.nextInt(visited));
    }

    private Plan visit(SplittableRandom random, int site) {
        List<Resource> resources = sites.get(site);
        boolean[] needed = new boolean[resources.size()];
        needed[0] = true;
        resources.forEach(resource -> {
            if (resource.parent() >= 0) {
                needed[resource.parent()] = true;
            }
        });
        int[] place = new int[resources.size()];
        List<Plan.Exchange> exchanges = new ArrayList<>();
        for (int i = 0; i < resources.size(); i++) {
            if (needed[i] || random.nextInt(20) > 0) {
                Resource resource = resources.get(i);
                place[i] = exchanges.size();
                double size = resource.down() * (1 + 0.03 * Draws.normal(random));
                exchanges.add(new Plan.Exchange(resource.host(), i == 0 ? -1 : place[resource.parent()],
                        i == 0 ? 0 : (long) (2 * MILLI + Draws.exponential(random, 8 * MILLI)), resource.up(),
                        (int) Math.max(SiteServer.HEAD_BYTES, size),
                        (long) (resource.thinkNanos() * (0.5 + random.nextDouble()))));
            }
        }
        return new Plan(site, exchanges);
    }

    private static Plan other(SplittableRandom random, int kind) {
        List<Plan.Exchange> exchanges = new ArrayList<>();
        int count = kind == 3 ? 1 : kind == 0 ? 15 + random.nextInt(10) : 4 + random.nextInt(4);
        for (int i = 0; i < count; i++) {
            exchanges.add(switch (kind) {
                case 0 -> step(i, Draws.exponential(random, 120), 64 + random.nextInt(32), 80 + random.nextInt(80), 1);
                case 1 -> step(i, 200 + Draws.exponential(random, 500), 120 + random.nextInt(300),
                        100 + random.nextInt(700), Draws.exponential(random, 300));
                case 2 -> step(i, 700 + random.nextInt(100), 350, 200 + random.nextInt(600), 5);
                default -> step(i, 0, 300, 600_000 + random.nextInt(600_000), 20);
            });
        }
        return new Plan(SITES + kind, exchanges);
    }

    private static Plan.Exchange step(int i, double waitMillis, int up, int down, double thinkMillis) {
        return new Plan.Exchange(0, i - 1, i == 0 ? 0 : (long) (waitMillis * MILLI), up, down,
                (long) (thinkMillis * MILLI));
    }

    /** One small request, as a user's single action. */
    Plan action(int flow) {
        SplittableRandom random = Draws.of(seed, "action", flow);
        return new Plan(0, List.of(step(0, 0, 200 + random.nextInt(200), 200 + random.nextInt(300), 1)));
    }

    /** A download that lasts some seconds, for a destination that marks it. */
    Plan marked(int flow, int bytes) {
        return new Plan(0, List.of(step(0, 0, 300, bytes, 5)));
    }
}

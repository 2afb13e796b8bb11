using Personalize.Store.Sql;

namespace Personalize.Store.Postgres;

/// <summary>How the tables of a database came to be: the same as SQLite's, as plain tables with indexes that cover. A step that was published is never changed: what is wanted otherwise is another step.</summary>
internal static class PostgresMigrations
{
    public static readonly Migration[] All =
    [
        new("tables", [
            // Texts that repeat: types, systems, actors.
            """CREATE TABLE sym(id BIGINT PRIMARY KEY, text TEXT COLLATE "C" NOT NULL UNIQUE)""",
            """CREATE TABLE param(p BIGINT PRIMARY KEY, type TEXT COLLATE "C" NOT NULL, code TEXT COLLATE "C" NOT NULL, fingerprint TEXT NOT NULL, UNIQUE(type, code))""",
            // A number for every resource that is or that is referred to.
            """CREATE TABLE ids(n BIGINT PRIMARY KEY, id TEXT COLLATE "C" NOT NULL, type BIGINT NOT NULL, UNIQUE(id, type))""",
            """
            CREATE TABLE res(rid BIGINT PRIMARY KEY, n BIGINT NOT NULL, type BIGINT NOT NULL, version BIGINT NOT NULL, t BIGINT NOT NULL,
              until BIGINT NOT NULL, updated BIGINT NOT NULL, kind BIGINT NOT NULL, actor BIGINT NOT NULL, flags BIGINT NOT NULL, json BYTEA)
            """,
            "CREATE INDEX res_n ON res(n, rid)",
            "CREATE INDEX res_type ON res(type, rid) INCLUDE (t, until, kind, updated)",
            "CREATE INDEX res_t ON res(t)",
            "CREATE INDEX res_closed ON res(until) WHERE until < 9223372036854775807 AND flags < 2",
            // Rows stand once because they are written once: no key is asked for that.
            """CREATE TABLE tok(p BIGINT NOT NULL, code TEXT COLLATE "C" NOT NULL, rid BIGINT NOT NULL, sys BIGINT NOT NULL)""",
            "CREATE INDEX tok_code ON tok(p, code, rid, sys)",
            """CREATE TABLE str(p BIGINT NOT NULL, norm TEXT COLLATE "C" NOT NULL, rid BIGINT NOT NULL, text TEXT COLLATE "C" NOT NULL)""",
            // An index takes no text of more than 2,700 bytes.
            "CREATE INDEX str_norm ON str(p, left(norm, 200), rid)",
            "CREATE INDEX str_rid ON str(rid, p)",
            "CREATE TABLE dt(p BIGINT NOT NULL, lo BIGINT NOT NULL, hi BIGINT NOT NULL, rid BIGINT NOT NULL)",
            "CREATE INDEX dt_lo ON dt(p, lo, hi, rid)",
            "CREATE INDEX dt_rid ON dt(rid, p, lo, hi)",
            """
            CREATE TABLE num(p BIGINT NOT NULL, lo DOUBLE PRECISION NOT NULL, hi DOUBLE PRECISION NOT NULL, sys BIGINT NOT NULL,
              code TEXT COLLATE "C" NOT NULL, unit TEXT COLLATE "C" NOT NULL, rid BIGINT NOT NULL)
            """,
            "CREATE INDEX num_lo ON num(p, lo, hi, rid)",
            "CREATE INDEX num_rid ON num(rid, p, lo, hi)",
            "CREATE TABLE ref(p BIGINT NOT NULL, target BIGINT NOT NULL, rid BIGINT NOT NULL)",
            "CREATE INDEX ref_target ON ref(p, target, rid)",
            """CREATE TABLE url(p BIGINT NOT NULL, url TEXT COLLATE "C" NOT NULL, rid BIGINT NOT NULL, type BIGINT NOT NULL)""",
            "CREATE INDEX url_url ON url(p, url, rid, type)",
            // The compartments of patients; kept for closed versions too, which history and feed ask for.
            "CREATE TABLE pc(patient BIGINT NOT NULL, type BIGINT NOT NULL, rid BIGINT NOT NULL)",
            "CREATE INDEX pc_patient ON pc(patient, type, rid)",
            "CREATE INDEX pc_rid ON pc(rid, patient)",
            """
            CREATE TABLE membership(segment TEXT COLLATE "C" NOT NULL, patient BIGINT NOT NULL, start TEXT COLLATE "C" NOT NULL, until TEXT, t BIGINT NOT NULL,
              PRIMARY KEY(segment, patient, start))
            """,
            "CREATE INDEX membership_patient ON membership(patient)",
            "CREATE TABLE fact(patient BIGINT PRIMARY KEY, bytes BYTEA NOT NULL, t BIGINT NOT NULL)",
            """CREATE TABLE cursor(reader TEXT COLLATE "C" PRIMARY KEY, t BIGINT NOT NULL)""",
        ]),
        new("charts and long dates", [
            """CREATE TABLE chart(p BIGINT NOT NULL, patient BIGINT NOT NULL, code TEXT COLLATE "C" NOT NULL, lo BIGINT NOT NULL, rid BIGINT NOT NULL)""",
            "CREATE INDEX chart_code ON chart(p, patient, code, lo, rid)",
            // Spans of more than a day, by their ends: they are met by dates long after their beginnings.
            "CREATE INDEX dt_long ON dt(p, hi, lo, rid) WHERE hi>lo+86400000",
        ]),
        new("search parameters that come and go", [
            // One row: a number that grows with every change of the search parameters, the last number that one was given, and the program that indexes.
            "CREATE TABLE catalog(number BIGINT NOT NULL, last BIGINT NOT NULL, program TEXT NOT NULL)",
            "INSERT INTO catalog(number, last, program) SELECT 1, coalesce(max(p), 0), '' FROM param",
            // Parameters that are being indexed: of the versions up to bound those up to walked are looked through.
            "CREATE TABLE coming(p BIGINT PRIMARY KEY, walked BIGINT NOT NULL, bound BIGINT NOT NULL, done BIGINT NOT NULL, total BIGINT NOT NULL)",
            // Parameters that are gone and have rows still.
            "CREATE TABLE retired(p BIGINT PRIMARY KEY, since BIGINT NOT NULL)",
        ]),
        new("addresses of its own", [
            // The addresses under which its resources are known.
            "CREATE TABLE home(address TEXT PRIMARY KEY)",
        ]),
        new("dates by row", [
            // Equal beginnings lie in the order of their rows, so that a walk by date sorts nothing.
            "DROP INDEX dt_lo",
            "CREATE INDEX dt_lo ON dt(p, lo, rid, hi)",
        ]),
    ];
}

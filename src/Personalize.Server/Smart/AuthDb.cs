using System.ComponentModel.DataAnnotations;
using Microsoft.EntityFrameworkCore;

namespace Personalize.Server.Smart;

/// <summary>The tables of authorization in <c>auth.db</c>: clients, grants and tokens as OpenIddict keeps them, sessions and launches as we do.</summary>
/// <remarks>No clinical content is in here but the id of the patient of a launch.</remarks>
internal sealed class AuthDb(DbContextOptions<AuthDb> options) : DbContext(options)
{
    public DbSet<SessionRow> Sessions => Set<SessionRow>();

    public DbSet<LaunchRow> Launches => Set<LaunchRow>();
}

/// <summary>A person who is signed in at the practice.</summary>
internal sealed class SessionRow
{
    /// <summary>A random name of the session.</summary>
    [Key, MaxLength(64)]
    public required string Id { get; init; }

    /// <summary>The id of the person's Practitioner.</summary>
    [MaxLength(64)]
    public required string User { get; init; }

    /// <summary>When it ends by itself, in seconds since 1970.</summary>
    public required long Until { get; init; }
}

/// <summary>A launch that was offered and not yet taken up.</summary>
internal sealed class LaunchRow
{
    /// <summary>SHA-256 of the handle in hex: who reads the table cannot launch.</summary>
    [Key, MaxLength(64)]
    public required string Hash { get; init; }

    /// <summary>The session in which it was made.</summary>
    [MaxLength(64)]
    public required string Session { get; init; }

    /// <summary>The id of the patient whose chart is open.</summary>
    [MaxLength(64)]
    public required string Patient { get; init; }

    /// <summary>When it ends, in seconds since 1970.</summary>
    public required long Until { get; init; }
}

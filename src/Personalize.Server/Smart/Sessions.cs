using Microsoft.EntityFrameworkCore;

namespace Personalize.Server.Smart;

/// <summary>Who is signed in at the practice.</summary>
internal sealed class Sessions(AuthDb db, TimeProvider time)
{
    /// <summary>How long a person stays signed in: a working day.</summary>
    public static readonly TimeSpan Life = TimeSpan.FromHours(12);

    /// <summary>Opens a session for a person and gives its name.</summary>
    public async Task<string> Open(string user, CancellationToken ct)
    {
        var id = Secrets.New();
        db.Sessions.Add(new SessionRow { Id = id, User = user, Until = time.GetUtcNow().Add(Life).ToUnixTimeSeconds() });
        await db.SaveChangesAsync(ct);
        return id;
    }

    /// <summary>True while the session is open.</summary>
    public Task<bool> IsOpen(string id, CancellationToken ct)
    {
        var now = time.GetUtcNow().ToUnixTimeSeconds();
        return db.Sessions.AnyAsync(s => s.Id == id && s.Until > now, ct);
    }

    /// <summary>Ends a session; its launches end with it.</summary>
    public async Task Close(string id, CancellationToken ct)
    {
        await db.Sessions.Where(s => s.Id == id).ExecuteDeleteAsync(ct);
        await db.Launches.Where(l => l.Session == id).ExecuteDeleteAsync(ct);
    }
}

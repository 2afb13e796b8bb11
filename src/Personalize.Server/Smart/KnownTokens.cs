using System.Collections.Concurrent;
using Microsoft.EntityFrameworkCore;
using OpenIddict.EntityFrameworkCore.Models;
using Personalize.Store;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace Personalize.Server.Smart;

/// <summary>Access tokens that were found good, with what they allow. What a token says never changes; whether it is still good is asked of the table each time.</summary>
/// <remarks>OpenIddict decrypts the token, verifies its signature and reads four rows for each request; here it is one row by its key.</remarks>
internal sealed class KnownTokens(TimeProvider time)
{
    private const int Most = 10_000;

    private static readonly Func<AuthDb, string, CancellationToken, Task<bool>> _isGood = EF.CompileAsyncQuery((AuthDb db, string id, CancellationToken ct) =>
        db.Set<OpenIddictEntityFrameworkCoreToken>()
            .Any(t => t.Id == id && t.Status == Statuses.Valid && (t.Authorization == null || t.Authorization.Status == Statuses.Valid)));

    private readonly ConcurrentDictionary<string, Known> _known = new(StringComparer.Ordinal);

    /// <summary>What a token allows; null when it is not known here or good no more.</summary>
    public async ValueTask<Access?> Find(string token, AuthDb db, CancellationToken ct)
    {
        if (!_known.TryGetValue(Secrets.Hash(token), out var known))
            return null;
        if (known.Until > time.GetUtcNow() && await _isGood(db, known.Id, ct))
            return known.Access;
        _known.TryRemove(Secrets.Hash(token), out _);
        return null;
    }

    /// <summary>Keeps what a token allows.</summary>
    /// <param name="token">The token.</param>
    /// <param name="access">What it allows.</param>
    /// <param name="id">The key of its row.</param>
    /// <param name="until">When it ends by itself.</param>
    public void Keep(string token, Access access, string id, DateTimeOffset until)
    {
        if (_known.Count >= Most)
            _known.Clear();
        _known[Secrets.Hash(token)] = new Known(access, id, until);
    }

    private sealed record Known(Access Access, string Id, DateTimeOffset Until);
}

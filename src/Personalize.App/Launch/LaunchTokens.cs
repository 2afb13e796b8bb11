using Microsoft.AspNetCore.DataProtection;
using Personalize.App.Fhir;

namespace Personalize.App.Launch;

/// <summary>The tokens of one launch: kept encrypted, renewed before they expire and never twice at a time.</summary>
internal sealed class LaunchTokens : ITokens
{
    private static readonly TimeSpan _early = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan _defaultLife = TimeSpan.FromMinutes(5);

    private readonly Lock _gate = new();
    private readonly IDataProtector _protector;
    private readonly TimeProvider _time;
    private readonly Func<string, Task<TokenResponse?>> _refresh;
    private volatile Held _held;
    private Task<string?>? _renewing;

    public LaunchTokens(TokenResponse first, IDataProtector protector, TimeProvider time, Func<string, Task<TokenResponse?>> refresh)
    {
        (_protector, _time, _refresh) = (protector, time, refresh);
        _held = Hold(first, null);
    }

    private sealed record Held(string? Access, string? Refresh, DateTimeOffset Until);

    /// <summary>When this launch ends for good because nothing renews it; null when a refresh token can.</summary>
    public DateTimeOffset? Ends => _held is { Refresh: null, Until: var until } ? until : null;

    /// <inheritdoc/>
    public async ValueTask<string?> Get(string? refused, CancellationToken cancellation)
    {
        if (Holding(refused) is { } current)
            return current;
        Task<string?> renewing;
        lock (_gate)
            renewing = _renewing = _renewing is { IsCompleted: false } underway ? underway : Renew(refused);
        return await renewing.WaitAsync(cancellation);
    }

    private string? Holding(string? refused)
    {
        var held = _held;
        var early = held.Refresh is null ? TimeSpan.Zero : _early;
        var access = held.Access is not null && held.Until - early > _time.GetUtcNow() ? _protector.Unprotect(held.Access) : null;
        return access is not null && access != refused ? access : null;
    }

    private async Task<string?> Renew(string? refused)
    {
        if (Holding(refused) is { } renewedMeanwhile)
            return renewedMeanwhile;
        if (_held.Refresh is not { } kept)
            return null;
        var refreshToken = _protector.Unprotect(kept);
        var next = await _refresh(refreshToken);
        _held = next is null ? new Held(null, null, _time.GetUtcNow()) : Hold(next, refreshToken);
        return next?.AccessToken;
    }

    private Held Hold(TokenResponse response, string? olderRefresh)
    {
        var refresh = response.RefreshToken ?? olderRefresh;
        var life = response.ExpiresIn is { } seconds ? TimeSpan.FromSeconds(seconds) : _defaultLife;
        return new Held(_protector.Protect(response.AccessToken!), refresh is null ? null : _protector.Protect(refresh), _time.GetUtcNow() + life);
    }
}

using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Personalize.App.Tests.Ehr;

/// <summary>A small EHR over real HTTP whose faults a test can choose: SMART endpoints and a few FHIR resources in memory.</summary>
public sealed class SmallEhr
{
    public const string ClientId = "app";
    public const string Secret = "s3cret/with:signs";

    private readonly RSA _rsa = RSA.Create(2048);
    private readonly ConcurrentDictionary<string, (string Patient, string Challenge, string Nonce, string Redirect)> _codes = new();
    private readonly ConcurrentDictionary<string, string> _tokens = new();
    private int _version = 1;
    private int _renewals;

    /// <summary>The resources by <c>Type/id</c>.</summary>
    public ConcurrentDictionary<string, JsonObject> Resources { get; } = new();

    /// <summary>What <c>$why</c> answers, by patient.</summary>
    public ConcurrentDictionary<string, JsonObject> Why { get; } = new();

    /// <summary>Paths under /fhir that answer 500, such as <c>Encounter</c> or <c>$why</c>.</summary>
    public ConcurrentDictionary<string, bool> Broken { get; } = new();

    /// <summary>Every request: method, path with query, and the authorization that it bore.</summary>
    public ConcurrentQueue<(string Method, string Path, string Authorization)> Seen { get; } = new();

    /// <summary>Seconds that a token lives.</summary>
    public int TokenLife { get; set; } = 3600;

    /// <summary>Whether a refresh token is given.</summary>
    public bool Refreshes { get; set; }

    /// <summary>What the token response says of the banner; nothing when null.</summary>
    public bool? NeedsBanner { get; set; }

    /// <summary>The nonce to sign instead of the one that was sent.</summary>
    public string? WrongNonce { get; set; }

    /// <summary>How often tokens were renewed.</summary>
    public int Renewals => _renewals;

    public void Put(string json)
    {
        var resource = JsonNode.Parse(json)!.AsObject();
        resource["meta"] = new JsonObject { ["versionId"] = "1" };
        Resources[$"{resource["resourceType"]}/{resource["id"]}"] = resource;
    }

    /// <summary>Makes every token that was given void.</summary>
    public void ForgetTokens() => _tokens.Clear();

    public void Map(WebApplication app, string root)
    {
        app.MapGet("/fhir/.well-known/smart-configuration", () => Results.Json(new Dictionary<string, object>
        {
            ["authorization_endpoint"] = root + "/auth/authorize",
            ["token_endpoint"] = "../auth/token",
            ["issuer"] = root,
            ["jwks_uri"] = root + "/auth/jwks",
            ["code_challenge_methods_supported"] = new[] { "S256" },
        }));
        app.MapGet("/auth/jwks", Keys);
        app.MapGet("/auth/authorize", Authorize);
        app.MapPost("/auth/token", context => Token(context, root)).DisableAntiforgery();
        app.MapMethods("/fhir/{**path}", ["GET", "PUT", "POST"], Fhir).DisableAntiforgery();
    }

    private IResult Keys()
    {
        var key = JsonWebKeyConverter.ConvertFromRSASecurityKey(new RsaSecurityKey(_rsa.ExportParameters(false)));
        return Results.Json(new { keys = new[] { new { kty = "RSA", use = "sig", alg = "RS256", n = key.N, e = key.E } } });
    }

    private IResult Authorize(HttpContext context)
    {
        string Query(string name) => context.Request.Query[name].ToString();
        Seen.Enqueue(("GET", context.Request.Path + context.Request.QueryString, ""));
        var code = WebEncoders.Base64UrlEncode(RandomNumberGenerator.GetBytes(16));
        _codes[code] = (Query("launch").Replace("launch-", "", StringComparison.Ordinal), Query("code_challenge"), Query("nonce"), Query("redirect_uri"));
        return Results.Redirect(QueryHelpers.AddQueryString(Query("redirect_uri"), new Dictionary<string, string?> { ["code"] = code, ["state"] = Query("state") }));
    }

    private async Task Token(HttpContext context, string root)
    {
        var form = await context.Request.ReadFormAsync();
        var basic = Encoding.UTF8.GetString(Convert.FromBase64String(context.Request.Headers.Authorization.ToString()["Basic ".Length..]));
        Assert.Equal($"{ClientId}:{Uri.EscapeDataString(Secret)}", basic);
        if (form["grant_type"] == "refresh_token" && Refreshes)
        {
            Interlocked.Increment(ref _renewals);
            await Answer(context, form["refresh_token"].ToString().Split(' ')[1], null, root);
            return;
        }
        var known = _codes.TryRemove(form["code"].ToString(), out var code);
        var challenge = WebEncoders.Base64UrlEncode(SHA256.HashData(Encoding.ASCII.GetBytes(form["code_verifier"].ToString())));
        if (!known || challenge != code.Challenge || form["redirect_uri"] != code.Redirect)
        {
            context.Response.StatusCode = 400;
            return;
        }
        await Answer(context, code.Patient, code.Nonce, root);
    }

    private Task Answer(HttpContext context, string patient, string? nonce, string root)
    {
        var token = WebEncoders.Base64UrlEncode(RandomNumberGenerator.GetBytes(16));
        _tokens[token] = patient;
        var answer = new Dictionary<string, object> { ["access_token"] = token, ["token_type"] = "bearer", ["expires_in"] = TokenLife, ["patient"] = patient };
        if (Refreshes)
            answer["refresh_token"] = "refresh " + patient;
        if (NeedsBanner is { } banner)
            answer["need_patient_banner"] = banner;
        if (nonce is not null)
            answer["id_token"] = IdToken(root, WrongNonce ?? nonce);
        return context.Response.WriteAsJsonAsync(answer);
    }

    private string IdToken(string root, string nonce) => new JsonWebTokenHandler().CreateToken(new SecurityTokenDescriptor
    {
        Issuer = root,
        Audience = ClientId,
        Expires = DateTime.UtcNow.AddMinutes(5),
        Claims = new Dictionary<string, object> { ["nonce"] = nonce, ["fhirUser"] = root + "/fhir/Practitioner/dr-who", ["sub"] = "dr-who" },
        SigningCredentials = new SigningCredentials(new RsaSecurityKey(_rsa), SecurityAlgorithms.RsaSha256),
    });

    private async Task<IResult> Fhir(HttpContext context, string path)
    {
        var authorization = context.Request.Headers.Authorization.ToString();
        Seen.Enqueue((context.Request.Method, path + context.Request.QueryString, authorization));
        if (!authorization.StartsWith("Bearer ", StringComparison.Ordinal) || !(_tokens.ContainsKey(authorization[7..]) || authorization[7..] == "practice"))
            return Results.StatusCode(401);
        var parts = path.Split('/');
        if (Broken.ContainsKey(parts[^1]) || Broken.ContainsKey(parts[0]))
            return Results.StatusCode(500);
        return context.Request.Method switch
        {
            "PUT" => await Replace(context, path),
            "POST" => await Create(context, path),
            _ when parts is [_, var id, "$why"] => Json(Why.GetValueOrDefault(id) ?? new JsonObject { ["resourceType"] = "Parameters" }),
            _ when parts.Length == 2 => Resources.TryGetValue(path, out var found) ? Json(found) : Results.StatusCode(404),
            _ => Json(Search(path, context.Request.Query)),
        };
    }

    private JsonObject Search(string type, IQueryCollection query)
    {
        var patients = query["patient"].ToString().Split(',', StringSplitOptions.RemoveEmptyEntries);
        var name = query["name"].ToString();
        var entries = Resources.Values.Where(r => (string?)r["resourceType"] == type)
            .Where(r => patients.Length == 0 || patients.Any(p => r.ToJsonString().Contains($"\"Patient/{p}\"", StringComparison.Ordinal)))
            .Where(r => !query.ContainsKey("status") || (string?)r["status"] == query["status"].ToString())
            .Where(r => name.Length == 0 || r["name"]!.ToJsonString().Contains(name, StringComparison.OrdinalIgnoreCase))
            .Select(r => (JsonNode)new JsonObject { ["resource"] = r.DeepClone() });
        return new JsonObject { ["resourceType"] = "Bundle", ["type"] = "searchset", ["entry"] = new JsonArray([.. entries]) };
    }

    private async Task<IResult> Replace(HttpContext context, string path)
    {
        var body = (await JsonNode.ParseAsync(context.Request.Body))!.AsObject();
        if (context.Request.Headers.IfMatch != $"W/\"{Resources[path]["meta"]!["versionId"]}\"")
            return Results.StatusCode(412);
        return Keep(path, body);
    }

    private async Task<IResult> Create(HttpContext context, string type)
    {
        var body = (await JsonNode.ParseAsync(context.Request.Body))!.AsObject();
        body["id"] = "made-" + Interlocked.Increment(ref _version);
        return Keep($"{type}/{body["id"]}", body);
    }

    private IResult Keep(string path, JsonObject body)
    {
        body["meta"] = new JsonObject { ["versionId"] = Interlocked.Increment(ref _version).ToString(System.Globalization.CultureInfo.InvariantCulture) };
        Resources[path] = body;
        return Json(body);
    }

    private static IResult Json(JsonObject body) => Results.Text(body.ToJsonString(new JsonSerializerOptions()), "application/fhir+json");
}

using System.Text;
using Personalize.Fhir.Primitives;
using Personalize.Server.Rest;
using Personalize.Store;

namespace Personalize.Server.Tests.Rest;

public sealed class A_paging_link
{
    private readonly MovingClock _clock = new();
    private readonly PageLinks _links;

    public A_paging_link() => _links = new PageLinks(new byte[32], _clock);

    private string Sealed(string actor = "Practitioner/a") => _links.Seal(_links.First("Patient", [new("family", "smith")], actor), new SearchMark(7, "k"));

    [Fact]
    public void Holds_its_place_for_whom_it_was_made()
    {
        var place = _links.Open(Sealed(), "Patient", "Practitioner/a").Value;
        Assert.Equal((new SearchMark(7, "k"), "smith"), (place.Mark!, place.Parameters.Single().Value));
    }

    [Fact]
    public void Shows_nothing() => Assert.DoesNotContain("smith", Encoding.Latin1.GetString(System.Buffers.Text.Base64Url.DecodeFromChars(Sealed())), StringComparison.Ordinal);

    [Fact]
    public void Is_denied_to_others() => Assert.IsType<Failure.Denied>(_links.Open(Sealed(), "Patient", "Practitioner/b").Failure);

    [Fact]
    public void Is_no_link_elsewhere() => Assert.IsType<Failure.Invalid>(_links.Open(Sealed(), "Observation", "Practitioner/a").Failure);

    [Fact]
    public void Is_no_link_under_another_key() => Assert.IsType<Failure.Invalid>(new PageLinks(Enumerable.Repeat((byte)1, 32).ToArray(), _clock).Open(Sealed(), "Patient", "Practitioner/a").Failure);

    [Fact]
    public void Is_gone_after_an_hour()
    {
        var link = Sealed();
        _clock.Advance(PageLinks.Life + TimeSpan.FromSeconds(1));
        Assert.IsType<Failure.Gone>(_links.Open(link, "Patient", "Practitioner/a").Failure);
    }

    [Fact]
    public void Leads_on_for_a_day_from_the_first_page()
    {
        var place = _links.Open(Sealed(), "Patient", "Practitioner/a").Value;
        for (var hours = TimeSpan.Zero; hours < PageLinks.Walk; hours += PageLinks.Life)
        {
            place = _links.Open(_links.Seal(place, new SearchMark(7, "k")), "Patient", "Practitioner/a").Value;
            _clock.Advance(PageLinks.Life);
        }
        Assert.IsType<Failure.Gone>(_links.Open(_links.Seal(place, new SearchMark(7, "k")), "Patient", "Practitioner/a").Failure);
        Assert.Null(_links.Open(_links.Seal(place, null), "Patient", "Practitioner/a").Value.Mark);
    }

    [Fact]
    public void Cannot_be_changed()
    {
        var link = Sealed();
        for (var at = 0; at < link.Length; at++)
            Assert.NotNull(_links.Open(link[..at] + (link[at] == 'A' ? 'B' : 'A') + link[(at + 1)..], "Patient", "Practitioner/a").Failure);
    }
}

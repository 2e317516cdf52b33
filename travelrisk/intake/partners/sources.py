"""The sources: one table each, which says where the fields of a flight stand in its documents.

A new source is a new table and its place in SOURCES; a field that a source calls otherwise is one more path.
What the makers document and what was seen is in most tables alike; where a field may be missing or null, it
is *not stated*, and never taken for the marketing carrier's.
"""

from travelrisk.intake.partners.source import Carried, End, Leg, Person, Record, Source, State, When

CONCUR = Source(
    name="SAP Concur itinerary",
    signs=(
        "StartCityCode EndCityCode FlightNumber",
        "ItinLocator Bookings",
    ),
    booking=("Booking", "Bookings"),
    segment=("Air", "AirSegment", "AirBooking"),
    marketing=Carried(("Vendor", "VendorCode"), ("FlightNumber",), ("VendorName",)),
    operating=Carried(
        ("OperatedByVendor", "OperatedByVendorCode"), ("OperatedByFlightNumber",), ("OperatedByVendorName",)
    ),
    origin=End(("StartCityCode", "StartAirportCode"), ("StartAirportName", "StartCity"), ("StartTerminal",)),
    destination=End(("EndCityCode", "EndAirportCode"), ("EndAirportName", "EndCity"), ("EndTerminal",)),
    departs=When(at=("StartDateLocal",), zone=("TimeZone", "StartTimeZone"), utc=("StartDateUtc",)),
    arrives=When(at=("EndDateLocal",), zone=("EndTimeZone",), utc=("EndDateUtc",)),
    status=("Status",),
    open=("IsOpenSegment",),
    stop_count=("NumStops",),
    whole=("EventType", "Event", "EventName"),
    records=(Record(".", ("RecordLocator",), ("BookingSource",)),),
    segment_records=(Record(".", ("ConfirmationNumber",), ("Vendor",)),),
    people=(
        Person(
            ("Passenger", "Passengers"),
            ("NameLast", "LastName"),
            ("NameFirst", "FirstName"),
            ("NamePrefix", "NameTitle"),
        ),
    ),
)

TRIPIT = Source(
    name="TripIt trip",
    signs=("AirObject",),
    booking=("AirObject",),
    segment=("Segment",),
    marketing=Carried(("marketing_airline_code",), ("marketing_flight_number",), ("marketing_airline",)),
    operating=Carried(("operating_airline_code",), ("operating_flight_number",), ("operating_airline",)),
    origin=End(("start_airport_code",), ("start_city_name",), ("start_terminal",)),
    destination=End(("end_airport_code",), ("end_city_name",), ("end_terminal",)),
    departs=When(
        day=("StartDateTime/date",),
        clock=("StartDateTime/time",),
        zone=("StartDateTime/timezone",),
        offset=("StartDateTime/utc_offset",),
    ),
    arrives=When(
        day=("EndDateTime/date",),
        clock=("EndDateTime/time",),
        zone=("EndDateTime/timezone",),
        offset=("EndDateTime/utc_offset",),
    ),
    stop_count=("stops",),
    records=(
        Record(".", ("supplier_conf_num",), ("supplier_name",)),
        Record(".", ("booking_site_conf_num",), ("booking_site_name",)),
    ),
    people=(Person(("Traveler",), ("last_name",), ("first_name",)),),
)

AMADEUS = Source(
    name="Amadeus flight order",
    signs=("flightOffers carrierCode",),
    booking=("data",),
    segment=("segments",),
    marketing=Carried(("carrierCode",), ("number",)),
    operating=Carried(("operating/carrierCode",), ("operating/number",), ("operating/carrierName",)),
    origin=End(("departure/iataCode",), (), ("departure/terminal",)),
    destination=End(("arrival/iataCode",), (), ("arrival/terminal",)),
    departs=When(at=("departure/at",)),
    arrives=When(at=("arrival/at",)),
    status=("bookingStatus",),
    stops=("stops/iataCode",),
    stop_count=("numberOfStops",),
    records=(Record("associatedRecords", ("reference",), ("originSystemCode",)),),
    people=(
        Person(
            ("travelers", "traveler"),
            ("name/lastName",),
            ("name/firstName",),
            ("name/title",),
            ("contact/emailAddress",),
        ),
    ),
)

TRAVELPORT = Source(
    name="Travelport universal record",
    signs=("AirReservation AirSegment",),
    booking=("AirReservation",),
    segment=("AirSegment",),
    marketing=Carried(("Carrier",), ("FlightNumber",)),
    operating=Carried(
        ("CodeshareInfo/OperatingCarrier",), ("CodeshareInfo/OperatingFlightNumber",), ("CodeshareInfo",)
    ),
    origin=End(("Origin",)),
    destination=End(("Destination",)),
    departs=When(at=("DepartureTime",)),
    arrives=When(at=("ArrivalTime",)),
    status=("Status",),
    shared=("CodeshareInfo",),
    stop_count=("NumberOfStops",),
    legs=Leg(
        ("FlightDetails",),
        ("Origin",),
        ("Destination",),
        Carried(("CodeshareInfo/OperatingCarrier",), (), ("CodeshareInfo",)),
    ),
    records=(
        Record("ProviderReservationInfo", ("LocatorCode",), ("ProviderCode",)),
        Record("SupplierLocator", ("SupplierLocatorCode",), ("SupplierCode",)),
    ),
    people=(Person(("BookingTravelerName",), ("Last",), ("First",), ("Prefix",)),),
    harmless=("Connection",),
)

SABRE = Source(
    name="Sabre reservation",
    signs=(
        "MarketingAirlineCode MarketingFlightNumber",
        "GetReservationRS",
    ),
    booking=("Reservation",),
    segment=("Air",),
    marketing=Carried(("MarketingAirlineCode",), ("MarketingFlightNumber", "FlightNumber")),
    operating=Carried(
        ("OperatingAirlineCode", "DisclosureCarrier/Code"),
        ("OperatingFlightNumber",),
        ("OperatingAirlineShortName", "DisclosureCarrier/Banner"),
    ),
    origin=End(("DepartureAirport",), (), ("DepartureTerminalCode",)),
    destination=End(("ArrivalAirport",), (), ("ArrivalTerminalCode",)),
    departs=When(at=("DepartureDateTime",)),
    arrives=When(at=("ArrivalDateTime",)),
    status=("ActionCode",),
    past=("isPast",),
    shared=("CodeShare",),
    stops=("HiddenStop/Airport",),
    stop_count=("StopQuantity",),
    records=(Record("BookingDetails", ("RecordLocator",), (), "Sabre"),),
    segment_records=(Record(".", ("AirlineRefId",)),),
    people=(Person(("Passenger", "Passengers"), ("LastName",), ("FirstName",)),),
)

_DEP, _ARR = "&DatedMarketingSegmentRefID/Dep", "&DatedMarketingSegmentRefID/Arrival"
_MARKETED = "&DatedMarketingSegmentRefID"
_OPERATED = "&DatedMarketingSegmentRefID/&DatedOperatingSegmentRefID"

NDC = Source(
    name="NDC order (18 and later)",
    signs=("PaxSegment Order",),
    booking=("Response",),
    segment=("PaxSegment",),
    marketing=Carried(
        ("MarketingCarrierInfo/CarrierDesigCode", f"{_MARKETED}/CarrierDesigCode"),
        (
            "MarketingCarrierInfo/MarketingCarrierFlightNumberText",
            f"{_MARKETED}/MarketingCarrierFlightNumberText",
        ),
        ("MarketingCarrierInfo/CarrierName", f"{_MARKETED}/CarrierName"),
    ),
    operating=Carried(
        ("OperatingCarrierInfo/CarrierDesigCode", f"{_OPERATED}/CarrierDesigCode"),
        (
            "OperatingCarrierInfo/OperatingCarrierFlightNumberText",
            f"{_OPERATED}/OperatingCarrierFlightNumberText",
        ),
        (
            "OperatingCarrierInfo/CarrierName",
            f"{_OPERATED}/CarrierName",
            "OperatingCarrierInfo/Disclosure/Desc/DescText",
            f"{_OPERATED}/Disclosure/Desc/DescText",
        ),
    ),
    origin=End(
        ("Dep/IATALocationCode", f"{_DEP}/IATALocationCode"),
        ("Dep/StationName", f"{_DEP}/StationName"),
        ("Dep/TerminalName", f"{_DEP}/TerminalName"),
    ),
    destination=End(
        ("Arrival/IATALocationCode", f"{_ARR}/IATALocationCode"),
        ("Arrival/StationName", f"{_ARR}/StationName"),
        ("Arrival/TerminalName", f"{_ARR}/TerminalName"),
    ),
    departs=When(
        at=("Dep/AircraftScheduledDateTime", f"{_DEP}/AircraftScheduledDateTime"),
        offset=(
            "Dep/AircraftScheduledDateTime/TimeZoneCode",
            f"{_DEP}/AircraftScheduledDateTime/TimeZoneCode",
        ),
    ),
    arrives=When(
        at=("Arrival/AircraftScheduledDateTime", f"{_ARR}/AircraftScheduledDateTime"),
        offset=(
            "Arrival/AircraftScheduledDateTime/TimeZoneCode",
            f"{_ARR}/AircraftScheduledDateTime/TimeZoneCode",
        ),
    ),
    status=("SegmentStatusCode", "StatusCode"),
    stops=("Stop/IATALocationCode", "Stop/StationCode"),
    legs=Leg(
        ("DatedOperatingLeg", f"{_OPERATED}/&DatedOperatingLegRefID"),
        ("Dep/IATALocationCode",),
        ("Arrival/IATALocationCode",),
        Carried(
            ("CarrierDesigCode", "OperatingCarrierInfo/CarrierDesigCode"),
            (),
            ("CarrierName", "OperatingCarrierInfo/CarrierName"),
        ),
    ),
    states=State(
        ("Service",),
        (
            "OrderServiceAssociation/PaxSegmentRef/PaxSegmentRefID",
            "OrderServiceAssociation/PaxSegmentRefID",
            "ServiceAssociations/PaxSegmentRefID",
            "PaxSegmentRefID",
        ),
        ("StatusCode",),
        ("PaxSegmentID",),
    ),
    whole=("Order/StatusCode",),
    records=(
        Record("BookingRef", ("BookingID",), ("Entity/Carrier/AirlineDesigCode", "Carrier/AirlineDesigCode")),
    ),
    people=(
        Person(
            ("Pax", "PaxList"),
            ("Individual/Surname",),
            ("Individual/GivenName",),
            ("Individual/TitleName",),
        ),
    ),
)

NDC_17 = Source(
    name="NDC order (17)",
    signs=(
        "OrderViewRS FlightSegment",
        "FlightSegmentList Order",
    ),
    booking=("Response",),
    segment=("FlightSegment",),
    marketing=Carried(
        ("MarketingCarrier/AirlineID",), ("MarketingCarrier/FlightNumber",), ("MarketingCarrier/Name",)
    ),
    operating=Carried(
        ("OperatingCarrier/AirlineID",),
        ("OperatingCarrier/FlightNumber",),
        ("OperatingCarrier/Name", "OperatingCarrier/Disclosures/Description/Text"),
    ),
    origin=End(("Departure/AirportCode",), ("Departure/AirportName",), ("Departure/Terminal/Name",)),
    destination=End(("Arrival/AirportCode",), ("Arrival/AirportName",), ("Arrival/Terminal/Name",)),
    departs=When(day=("Departure/Date",), clock=("Departure/Time",)),
    arrives=When(day=("Arrival/Date",), clock=("Arrival/Time",)),
    status=("Status/StatusCode", "FlightDetail/Status/Code"),
    stops=("FlightDetail/Stops/StopLocations/StopLocation/AirportCode",),
    stop_count=("FlightDetail/Stops/StopQuantity",),
    whole=("Order/Status/StatusCode",),
    records=(Record("BookingReference", ("ID",), ("AirlineID",)),),
    people=(
        Person(
            ("Passenger", "PassengerList"),
            ("Individual/Surname", "Name/Surname"),
            ("Individual/GivenName", "Name/Given"),
            ("Individual/NameTitle", "Name/Title"),
        ),
    ),
)

DUFFEL = Source(
    name="Duffel order",
    signs=("slices segments booking_reference",),
    booking=("data",),
    segment=("segments",),
    marketing=Carried(
        ("marketing_carrier/iata_code",), ("marketing_carrier_flight_number",), ("marketing_carrier/name",)
    ),
    operating=Carried(
        ("operating_carrier/iata_code",), ("operating_carrier_flight_number",), ("operating_carrier/name",)
    ),
    origin=End(("origin/iata_code",), ("origin/name",), ("origin_terminal",)),
    destination=End(("destination/iata_code",), ("destination/name",), ("destination_terminal",)),
    departs=When(at=("departing_at",), zone=("origin/time_zone",)),
    arrives=When(at=("arriving_at",), zone=("destination/time_zone",)),
    stops=("stops/airport/iata_code",),
    stop_count=("stop_count",),
    gone=("cancelled_at", "cancellation/confirmed_at"),
    alarms=("airline_initiated_changes", "changes"),
    records=(Record(".", ("booking_reference",), ("owner/iata_code",)),),
    people=(Person(("passengers",), ("family_name",), ("given_name",), ("title",), ("email",)),),
)

SOURCES = (CONCUR, TRIPIT, AMADEUS, TRAVELPORT, SABRE, NDC, NDC_17, DUFFEL)
